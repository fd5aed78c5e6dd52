/* A jump straight onto the call instruction, past the mov that usually loads the number before it. */
#include "start.h"

#ifdef __x86_64__
#define CALL "syscall"
#else
#define CALL "int $0x80"
#endif
#define GETPID "mov $" STR(__NR_getpid) ", %eax; "

long with_mov(void), enter_late(long nr), branch_late(long nr, long late);
extern char late_site[];

/* i386's arguments are on the stack. */
asm(".text; with_mov: " GETPID "late_site: " CALL "; ret\n"
#ifdef __x86_64__
	"enter_late: mov %edi, %eax; jmp late_site\n"
	"branch_late: mov %edi, %eax; test %esi, %esi; jnz 1f; " GETPID "1: " CALL "; ret\n");
#else
	"enter_late: mov 4(%esp), %eax; jmp late_site\n"
	"branch_late: mov 4(%esp), %eax; cmpl $0, 8(%esp); jnz 1f; " GETPID "1: " CALL "; ret\n");
#endif

int main(void)
{
	long pid = sys(getpid), parent = sys(getppid);
	check("by the mov", with_mov(), pid);
	check("past the mov", enter_late(__NR_getppid), parent);
	check("by the mov again", with_mov(), pid);
	check("a conditional, not taken", branch_late(__NR_getppid, 0), pid);
	check("a conditional, taken", branch_late(__NR_getppid, 1), parent);
	/* By a pointer no one can see coming. */
	long ret = __NR_getppid;
	char *volatile site = late_site;
	asm volatile("call *%1" : "+a"(ret) : "r"(site) : "rcx", "memory"
#ifdef __x86_64__
		, "r11"
#endif
	);
	check("by a pointer", ret, parent);
	check("no such call", enter_late(9999), -ENOSYS);
	return failed;
}
