/* A library that is not position-independent: the dynamic linker writes to its text before it runs. */
#include <stdio.h>

extern int text_counter;
extern int text_next(void);
extern const char *text_name(int);
extern long text_thread(void);

int main(void) {
	printf("%d %d %d\n", text_next(), text_next(), text_counter);
	printf("%s %s\n", text_name(0), text_name(1));
	printf("%ld\n", text_thread());
	return 0;
}
