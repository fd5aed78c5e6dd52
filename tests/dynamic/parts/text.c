#include <unistd.h>

static const char *const names[] = { "zero", "one" };
int text_counter = 10;
static __thread long block = 5;

int text_next(void) { return ++text_counter; }
const char *text_name(int i) { return names[i]; }
long text_thread(void) { return block++ + (getpid() > 0); }
