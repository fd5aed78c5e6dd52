#include <stdio.h>

static int count;
void library_says(const char *what) { printf("%d %s\n", ++count, what), fflush(stdout); }
__attribute__((constructor)) static void start(void) { library_says("library, start"); }
__attribute__((destructor)) static void end(void) { library_says("library, end"); }
