// C++ exceptions: across functions, rethrown, with destructors on the way, of many types.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <typeinfo>
#include <vector>

struct Trace {
	const char *name;
	explicit Trace(const char *n) : name(n) { printf("+%s ", name); }
	~Trace() { printf("-%s ", name); }
};

struct Base : std::exception {
	int code;
	explicit Base(int c) : code(c) {}
	const char *what() const noexcept override { return "base"; }
};

struct Derived : Base {
	explicit Derived(int c) : Base(c) {}
	const char *what() const noexcept override { return "derived"; }
};

static int deep(int n) {
	std::string on_stack(n * 10, 'x');
	if (n == 0) throw Derived(42);
	return deep(n - 1) + static_cast<int>(on_stack.size());
}

static void thrower(int kind) {
	Trace trace("thrower");
	switch (kind) {
	case 0: throw 1;
	case 1: throw "text";
	case 2: throw std::string("string");
	case 3: throw Derived(3);
	case 4: throw std::runtime_error("runtime");
	case 5: throw 2.5L;
	case 6: std::vector<int>().at(5); break;
	case 7: throw static_cast<Base *>(nullptr);
	case 8: delete[] new char[static_cast<size_t>(-1) / 2 - 100]; break;
	default: printf("none ");
	}
}

static void catcher(int kind) {
	Trace trace("catcher");
	try {
		Trace inner("inner");
		thrower(kind);
	} catch (int i) { printf("int %d ", i);
	} catch (const char *text) { printf("text %s ", text);
	} catch (const std::string &s) { printf("string %s ", s.c_str());
	} catch (const Base &b) { printf("base %d %s ", b.code, b.what());
	} catch (Base *p) { printf("pointer %d ", p == nullptr);
	} catch (const std::bad_alloc &) { printf("bad_alloc ");
	} catch (const std::exception &e) { printf("exception %s ", typeid(e).name());
	} catch (...) { printf("other "); }
}

static void rethrower() {
	try {
		Trace trace("rethrower");
		deep(20);
	} catch (Base &b) {
		b.code++;
		throw;
	}
}

static void at_exit_of_program() { printf("terminated\n"), fflush(stdout), _Exit(7); }

static int in_condition(int x) try { return x ? throw x : 0; } catch (int i) { return i * 2; }

int main() {
	for (int kind = 0; kind < 10; kind++) catcher(kind), printf("\n");
	try { rethrower(); } catch (const Derived &d) { printf("rethrown %d\n", d.code); }
	try {
		try { throw 1; } catch (int) { throw std::string("from a handler"); }
	} catch (const std::string &s) { printf("%s %d\n", s.c_str(), std::uncaught_exceptions()); }
	std::exception_ptr kept;
	try { throw Derived(9); } catch (...) { kept = std::current_exception(); }
	try { std::rethrow_exception(kept); } catch (const Base &b) { printf("kept %d\n", b.code); }
	try {
		try { throw Derived(1); } catch (...) { std::throw_with_nested(std::runtime_error("outer")); }
	} catch (const std::exception &e) {
		try { std::rethrow_if_nested(e); } catch (const Base &b) { printf("%s of %s\n", e.what(), b.what()); }
	}
	Base *base = new Derived(1);
	printf("%d %d\n", dynamic_cast<Derived *>(base) != nullptr, in_condition(21));
	try { dynamic_cast<Derived &>(*std::make_unique<Base>(1)); } catch (const std::bad_cast &) { printf("bad_cast\n"); }
	delete base;
	int sum = 0;
	for (int i = 0; i < 3000; i++) try { deep(i % 20); } catch (const Base &b) { sum += b.code; }
	printf("%d\n", sum);
	std::set_terminate(at_exit_of_program);
	throw 1;
}
