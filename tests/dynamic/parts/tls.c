#define _GNU_SOURCE
#include <sys/syscall.h>
#include <unistd.h>

__thread int tls_value = 100;
static __thread char text[5000] = "fresh";
static __thread int zero;

int tls_next(void) { return ++tls_value + zero++; }
char *tls_text(void) { return text; }

/* A system call that is the library's own, not the C library's. */
long tls_syscall(void) {
	long result = SYS_getpid;
#ifdef __x86_64__
	__asm__ volatile("syscall" : "+a"(result) : : "rcx", "r11", "memory");
#else
	__asm__ volatile("int $0x80" : "+a"(result) : : "memory");
#endif
	return result;
}
