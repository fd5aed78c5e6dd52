/* Code that is nothing but accesses to thread-local storage: what replaces them takes more room than the code itself. */
#include <stdint.h>
#include <stdio.h>

__thread uint32_t counter = 5;

int main(void) {
	uint32_t sum = 0;
#ifdef __x86_64__
	__asm__ volatile(".rept 40000\n\taddl %%fs:counter@tpoff, %0\n\t.endr" : "+r"(sum));
#else
	__asm__ volatile(".rept 40000\n\taddl %%gs:counter@ntpoff, %0\n\t.endr" : "+r"(sum));
#endif
	printf("all were made: %d\n", sum == counter * 40000);
	return 0;
}
