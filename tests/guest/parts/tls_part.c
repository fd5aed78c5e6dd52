/* Compiled once per TLS model: PART names the function, the compiler's option sets the model. */
#include "tls_part.h"

#define QUOTE(x) #x
#define TEXT(x) QUOTE(x)

static __thread int initial = 40, zero, list[10] = {1, 2, 3};
static __thread long long wide = 1LL << 40;
static __thread const char *name = TEXT(PART_NAME);
#ifdef DEFINE_SHARED
__thread int tls_shared = 1000;
#endif

static int *where(void) { return &list[9]; }

struct tls_part PART_NAME(int add) {
	initial += add;
	zero -= add;
	wide += (long long)add << 33;
	list[add % 10] += add;
	tls_shared += list[add % 10];
	return (struct tls_part){name, initial, zero, wide, where};
}
