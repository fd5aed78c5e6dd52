/* For native_test.ts, as C++ on x86-64 and as C on i386: a program that uses what rewriting could break; it prints what it computes. */
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <glob.h>
#include <iconv.h>
#include <regex.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wchar.h>
#ifdef __cplusplus
#include <algorithm>
#include <iostream>
#include <map>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>
#else
#define thread_local _Thread_local
#endif

static thread_local int counter = 7;
static thread_local char name[64] = "thread";
static volatile sig_atomic_t seen;
static void handler(int sig) { seen = sig; errno = 99; counter++; }

#ifdef __cplusplus
static int deep(int n)
{
	std::string s(n % 50, 'x');
	if (n == 0) throw std::runtime_error("deep " + s);
	return deep(n - 1) + s.size();
}

static void cplusplus(void)
{
	for (int i = 0; i < 20; i++)
		try { deep(i); } catch (const std::exception &e) { printf("%s\n", e.what()); }
	std::map<std::string, int> words;
	std::istringstream in("the quick brown fox jumps over the lazy dog the end");
	for (std::string w; in >> w;) words[w]++;
	for (auto &[w, n] : words) std::cout << w << '=' << n << '\n';
	std::cout << std::regex_replace(std::string("a1b22c333"), std::regex("[0-9]+"), "<$&>") << std::endl;
}
#endif

static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("%d %s %s\n", counter, name, argc > 1 ? argv[1] : "none");
#ifdef __cplusplus
	cplusplus();
#endif
	regex_t re;
	regmatch_t m[3];
	if (!regcomp(&re, "([a-z]+)-([0-9]+)", REG_EXTENDED) && !regexec(&re, "xx abc-123", 3, m, 0))
		printf("%d %d %d\n", m[0].rm_so, m[1].rm_eo, m[2].rm_so);
	regfree(&re);
	jmp_buf jb;
	volatile int tries = 0;
	if (setjmp(jb) < 5) { tries = tries + 1; longjmp(jb, tries); }
	printf("tries %d\n", tries);
	signal(SIGUSR1, handler);
	errno = 0;
	raise(SIGUSR1);
	printf("signal %d errno %d counter %d\n", (int)seen, errno, counter);
	printf("%.17g %a %s %Lg\n", strtod("3.14159265358979", NULL), sqrt(2.0), strerror(ENOENT), powl(2, 0.5L));
	printf("%s|%10.3f|%-8s|%+d|%#x|%'d|%c|%lc\n", "fmt", 1234.5678, "left", 42, 255, 1234567, 'c', L'w');
	wprintf(L"");
	wchar_t wide[32];
	size_t count = mbstowcs(wide, "wide text", 32);
	printf("%zu %d\n", count, wcscmp(wide, L"wide text"));
	time_t t = 86400 * 365;
	char buf[200];
	struct tm tm;
	strftime(buf, sizeof buf, "%Y-%m-%d %H:%M:%S %A", gmtime_r(&t, &tm));
	puts(buf);
	errno = 0;
	int fd = open("/does/not/exist", O_RDONLY);
	printf("open %d %s\n", fd, strerror(errno));
	printf("access %d %d\n", access("/etc/passwd", R_OK), access("/", R_OK));
	static int v[100000];
	for (int i = 0; i < 100000; i++) v[i] = (i * 7919) % 100003;
	qsort(v, 100000, sizeof v[0], compare);
	unsigned hash = 0;
	for (int i = 0; i < 100000; i++) hash = hash * 31 + v[i];
	printf("hash %u\n", hash);
	static void *blocks[2000];
	for (int i = 1; i < 2000; i++) memset(blocks[i] = malloc(i * 37), i, i * 37);
	for (int i = 1; i < 2000; i++) free(blocks[i]);
	void *map = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memset(map, 5, 1 << 20);
	printf("map %d\n", ((char *)map)[12345] + munmap(map, 1 << 20));
	int p[2], status;
	if (pipe(p)) return 1;
	pid_t child = fork();
	if (child == 0) { counter = 100; dprintf(p[1], "child %d\n", counter); _exit(3); }
	waitpid(child, &status, 0);
	buf[read(p[0], buf, 100)] = 0;
	printf("%sstatus %d counter %d\n", buf, WEXITSTATUS(status), counter);
	printf("fnmatch %d\n", fnmatch("*.[ch]", "x.c", 0));
	glob_t g;
	printf("glob %d\n", glob("/et[c]", 0, NULL, &g));
	srand(1);
	printf("%d %d %s\n", rand(), rand(), setlocale(LC_ALL, "C"));
	return 0;
}
