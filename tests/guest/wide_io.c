/* Wide-character output and input. */
#include <locale.h>
#include <stdio.h>
#include <wchar.h>

int main(void) {
	printf("%s\n", setlocale(LC_ALL, "C.UTF-8") ? "C.UTF-8" : "none");
	fflush(stdout);
	FILE *file = fopen("wide.txt", "w+");
	fwprintf(file, L"%ls %d %f\n", L"gr\u00fc\u00df \u20ac \U0001f600", 42, 1.5);
	rewind(file);
	wchar_t word[20];
	int n = 0;
	double d = 0;
	wint_t c = fgetwc(file);
	ungetwc(c, file);
	int count = fwscanf(file, L"%19ls %*ls %*ls %d %lf", word, &n, &d);
	fclose(file);
	printf("%d %zu %lx %d %g\n", count, wcslen(word), (unsigned long)word[2], n, d);
	wchar_t text[50];
	printf("%d\n", swprintf(text, 50, L"%ls|%s|%5.2f", L"wide", "narrow", 3.14159));
	printf("%ls\n", text);
	printf("%d %d\n", wcscmp(L"a", L"b") < 0, wcsstr(L"find the needle", L"needle") != NULL);
	wchar_t *rest, tokens[] = L"one,two,,three";
	for (wchar_t *t = wcstok(tokens, L",", &rest); t; t = wcstok(NULL, L",", &rest)) printf("<%ls>", t);
	printf("\n%ld\n", wcstol(L"-1234z", NULL, 10));
	return 0;
}
