// Static objects: order of construction and destruction, guards, thread_local, typeid, virtual bases.
#include <cstdio>
#include <cstdlib>
#include <typeinfo>

struct Noisy {
	const char *name;
	explicit Noisy(const char *n) : name(n) { printf("make %s\n", name); }
	~Noisy() { printf("drop %s\n", name); }
};

static Noisy first("first");
static Noisy second __attribute__((init_priority(200)))("second, but early");
static thread_local Noisy local("thread-local");

static Noisy &lazy() {
	static Noisy noisy("lazy");
	return noisy;
}

struct A { virtual ~A() = default; int a = 1; };
struct B : virtual A { int b = 2; };
struct C : virtual A { int c = 3; };
struct D : B, C { int d = 4; };

int main() {
	atexit([] { printf("atexit\n"); });
	printf("main %s\n", lazy().name);
	printf("%s %s\n", local.name, lazy().name);
	D d;
	A *a = &d;
	C *c = dynamic_cast<C *>(a);
	B *b = dynamic_cast<B *>(c);
	printf("%d %d %d %d %s\n", a->a, b->b, c->c, dynamic_cast<D *>(b)->d, typeid(*a).name());
	auto add = [x = 5](int y) { return x + y; };
	printf("%d\n", add(6));
	exit(3);
}
