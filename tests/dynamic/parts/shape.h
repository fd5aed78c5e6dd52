#pragma once
#include <memory>
#include <stdexcept>
#include <string>

struct ShapeError : std::runtime_error {
	int code;
	ShapeError(const char *what, int code) : std::runtime_error(what), code(code) {}
};
struct Shape {
	virtual ~Shape();
	virtual double area() const = 0;
	virtual std::string name() const = 0;
};
std::unique_ptr<Shape> make_shape(const std::string &name);
std::string describe(const Shape &shape);
int call_back(int (*function)(int), int depth);
