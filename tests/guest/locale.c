/* setlocale(3), localeconv(3), multibyte and wide strings in "C" and "C.UTF-8". */
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

static void convert(const char *text) {
	wchar_t wide[40];
	char back[100] = "";
	size_t length = mbstowcs(wide, text, 40);
	printf("%zd:", (ssize_t)length);
	if (length == (size_t)-1) {
		printf(" EILSEQ %d\n", errno == EILSEQ);
		return;
	}
	for (size_t i = 0; i < length; i++) printf(" %lx", (unsigned long)wide[i]);
	size_t size = wcstombs(back, wide, sizeof back);
	printf(" -> %zd %d\n", (ssize_t)size, strcmp(text, back));
}

int main(void) {
	static const char *names[] = {"C", "POSIX", "C.UTF-8", "xx_XX.nonsense", ""};
	for (int i = 0; i < 5; i++) {
		const char *name = setlocale(LC_ALL, names[i]);
		printf("%s: %s\n", names[i], name ? name : "(none)");
		printf("%s %s %zu\n", nl_langinfo(CODESET), nl_langinfo(DAY_2), (size_t)MB_CUR_MAX);
		printf("<%s> <%s>\n", localeconv()->decimal_point, localeconv()->thousands_sep);
		convert("plain");
		convert("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80");
		convert("bad \xff");
		printf("%lc%lc %d %d\n", (wint_t)L'a', (wint_t)L'b', iswalpha(L'x') != 0, iswupper(0xc4) != 0);
		printf("%lx %lx\n", (unsigned long)towupper(L'q'), (unsigned long)towlower(0xc4));
		printf("%d %d\n", strcoll("a", "B") > 0, wcscoll(L"a", L"b") < 0);
		char moved[20];
		printf("%zu\n", strxfrm(moved, "abc", sizeof moved));
		printf("%.2f %g\n", strtod("1.25", NULL), wcstod(L"2.5x", NULL));
	}
	setlocale(LC_ALL, "C.UTF-8");
	mbstate_t state = {0};
	const char bytes[] = "\xe2\x82\xac";
	wchar_t wide = 0;
	for (int i = 0; i < 3; i++) printf("%zd ", (ssize_t)mbrtowc(&wide, bytes + i, 1, &state));
	printf("%lx\n", (unsigned long)wide);
	return 0;
}
