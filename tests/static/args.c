/* argc, argv, two variables of the environment, and what the auxiliary vector must hold. */
#include "start.h"

extern char _start[] __attribute__((visibility("hidden"))), __ehdr_start[] __attribute__((visibility("hidden")));

static const char *env(char **envp, const char *name)
{
	size_t n = strlen(name);
	for (; *envp; envp++) if (!memcmp(*envp, name, n) && (*envp)[n] == '=') return *envp + n + 1;
	return "(unset)";
}

static unsigned long aux(unsigned long type)
{
	const unsigned long *value = auxv(type);
	return value ? *value : -1UL;
}

int main(int argc, char **argv, char **envp)
{
	say("argc=", num(argc));
	say("program ", basename(argv[0]));
	for (int i = 1; i < argc; i++) say("argv[", num(i), "]=", argv[i]);
	say("TEST_ONE=", env(envp, "TEST_ONE"));
	say("TEST_TWO=", env(envp, "TEST_TWO"));
	check("argv ends", argv[argc], 0);
	check("envp follows argv", envp, argv + argc + 1);

	check("AT_PAGESZ", aux(AT_PAGESZ), PAGE);
	check("AT_CLKTCK", aux(AT_CLKTCK), 100);
	check("AT_PHENT", aux(AT_PHENT), sizeof(long) == 8 ? 56 : 32);
	yes("AT_PHNUM", aux(AT_PHNUM) > 1 && aux(AT_PHNUM) < 20);
	check("AT_PHDR", aux(AT_PHDR), __ehdr_start + (sizeof(long) == 8 ? 64 : 52));
	check("AT_ENTRY", aux(AT_ENTRY), _start);
	check("AT_BASE", aux(AT_BASE), 0);
	check("AT_FLAGS", aux(AT_FLAGS), 0);
	check("AT_SECURE", aux(AT_SECURE), 0);
#ifdef __x86_64__
	check("AT_UID", aux(AT_UID), sys(getuid));
	check("AT_EUID", aux(AT_EUID), sys(geteuid));
	check("AT_GID", aux(AT_GID), sys(getgid));
	check("AT_EGID", aux(AT_EGID), sys(getegid));
#else
	check("AT_UID", aux(AT_UID), sys(getuid32));
	check("AT_EUID", aux(AT_EUID), sys(geteuid32));
	check("AT_GID", aux(AT_GID), sys(getgid32));
	check("AT_EGID", aux(AT_EGID), sys(getegid32));
#endif
	/* cpuid 1's edx: fpu, tsc, cx8, cmov, mmx, fxsr, sse, sse2 */
	check("AT_HWCAP", aux(AT_HWCAP) & 0x07808111, 0x07808111);
	const char *random = (char *)aux(AT_RANDOM);
	yes("AT_RANDOM", readable(random) && readable(random + 15) && !all(random, *random, 16));
	say("AT_PLATFORM ", (char *)aux(AT_PLATFORM));
	/* The kernel may name the file by a path other than argv[0]. */
	say("AT_EXECFN ", basename((char *)aux(AT_EXECFN)));
	return failed;
}
