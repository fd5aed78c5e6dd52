#include "shape.h"

Shape::~Shape() = default;
namespace {
struct Circle : Shape {
	double area() const override { return 3.14159265; }
	std::string name() const override { return "circle"; }
};
}

std::unique_ptr<Shape> make_shape(const std::string &name) {
	if (name == "circle") return std::make_unique<Circle>();
	throw ShapeError(("cannot make " + name).c_str(), 3);
}

std::string describe(const Shape &shape) {
	try {
		return shape.name();
	} catch (const std::logic_error &error) {
		return std::string("described: ") + error.what();
	}
}

int call_back(int (*function)(int), int depth) {
	std::string local(100, 'x');
	return function(depth) + (int)local.size();
}
