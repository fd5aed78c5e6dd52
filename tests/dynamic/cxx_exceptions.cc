// Exceptions, RTTI and virtual calls across the border of a library; unwinding through patched code of both.
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>
#include "parts/shape.h"

struct Counter {
	static int alive;
	Counter() { alive++; }
	~Counter() { alive--; }
};
int Counter::alive;

struct Square : Shape {
	double area() const override { return 4; }
	std::string name() const override { throw std::logic_error("no name"); }
};

static int callback(int depth) {
	Counter counter;
	if (depth == 0) throw ShapeError("from the callback", 7);
	return call_back(callback, depth - 1) + Counter::alive;
}

int main() {
	try {
		make_shape("nothing");
	} catch (const ShapeError &error) {
		std::printf("ShapeError: %s %d\n", error.what(), error.code);
	}
	try {
		callback(20);
	} catch (const std::exception &error) {
		std::printf("through both: %s, alive %d\n", error.what(), Counter::alive);
	}
	Square square;
	std::printf("%s\n", describe(square).c_str());
	auto circle = make_shape("circle");
	std::printf("%.3f %s %d\n", circle->area(), circle->name().c_str(), dynamic_cast<Square *>(circle.get()) == nullptr);
	try {
		std::vector<int>(3).at(5);
	} catch (const std::out_of_range &) {
		std::puts("out of range");
	}
	int caught = 0;
	for (int i = 0; i < 1000; i++) try {
			throw i;
		} catch (int value) {
			caught += value == i;
		}
	std::printf("%d\n", caught);
	return 0;
}
