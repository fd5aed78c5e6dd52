/* String functions on the last bytes before a page that cannot be read. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <wchar.h>

enum { PAGE = 4096, MOST = 300 };

static unsigned long check;
static void add(long value) { check = check * 31 + (unsigned long)value; }

int main(void) {
	char *pages[2];
	for (int i = 0; i < 2; i++) {
		pages[i] = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (pages[i] == MAP_FAILED) return 1;
		mprotect(pages[i], PAGE, PROT_NONE);
		mprotect(pages[i] + 2 * PAGE, PAGE, PROT_NONE);
	}
	for (size_t size = 1; size < MOST; size++) {
		/* At the end of the page: a string with its NUL as the last byte. */
		char *a = pages[0] + 2 * PAGE - size, *b = pages[1] + 2 * PAGE - size;
		memset(a, 'a', size - 1), a[size - 1] = 0;
		add(strlen(a)), add(strnlen(a, size)), add(strchr(a, 'b') == NULL), add(strrchr(a, 'a') != NULL);
		add(*strchrnul(a, 'b')), add((char *)memchr(a, 0, size) - a);
#ifdef __GLIBC__
		add((char *)rawmemchr(a, 0) - a);
#endif
		memcpy(b, a, size), add(memcmp(a, b, size)), add(strcmp(a, b)), add(strncmp(a, b, size)), add(strcasecmp(a, b));
		strcpy(b, a), add(strlen(b)), add(stpcpy(b, a) - b), strncpy(b, a, size), add(strspn(a, "a")), add(strcspn(a, "xb"));
		add(strstr(a, "ab") == NULL), add(memrchr(a, 0, size) != NULL), add(memmem(a, size, "aa", 2) != NULL);
		memmove(b, a, size), bzero(b, size), add(b[size - 1]);
		/* At the start of the page, moving down. */
		char *c = pages[0] + PAGE, *d = pages[1] + PAGE;
		memset(c, 'q', size), memcpy(d, c, size), memmove(c, c + 1, size), add(memcmp(c, d, size) != 0);
		add(memrchr(c, 'z', size) == NULL);
		char *dup = strdup(a);
		add(strlen(dup));
		free(dup);
	}
	for (size_t n = 1; n < 60; n++) {
		wchar_t *w = (wchar_t *)(pages[0] + 2 * PAGE) - n;
		wmemset(w, L'w', n), w[n - 1] = 0;
		add(wcslen(w)), add(wcschr(w, L'x') == NULL), add(wcscmp(w, w));
	}
	printf("%lx\n", check & 0xffffffff);
	return 0;
}
