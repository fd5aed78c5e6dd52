/* Parsing and cutting strings: strtol(3), strtod(3), strtok(3), and searches. */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <libgen.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void regular(const char *pattern, const char *text) {
	regex_t regex;
	regmatch_t match[4];
	int status = regcomp(&regex, pattern, REG_EXTENDED);
	if (status) {
		printf("%s: bad\n", pattern);
		return;
	}
	printf("%s:", pattern);
	if (regexec(&regex, text, 4, match, 0) == 0)
		for (size_t i = 0; i <= regex.re_nsub; i++) printf(" %d-%d", (int)match[i].rm_so, (int)match[i].rm_eo);
	printf("\n");
	regfree(&regex);
}

int main(void) {
	static const char *integers[] = {"42", "-42x", "0x1F", "017", "  7", "99999999999999999999", "", "z"};
	for (int i = 0; i < 8; i++) {
		char *end;
		errno = 0;
		long long value = strtoll(integers[i], &end, 0);
		printf("%lld <%s> %d;", value, end, errno == ERANGE);
		printf(" %lu %d\n", strtoul(integers[i], NULL, 36) & 0xffffffff, atoi("12ab"));
	}
	static const char *floats[] = {"1.5", "-2e10", "0x1.8p3", "inf", "nan", "1e999", "1e-999", ".5", "0.1e1x",
		"179769313486231580793e289", "2.2250738585072011e-308"};
	for (int i = 0; i < 11; i++) {
		char *end;
		printf("%a %a <%s>\n", strtod(floats[i], &end), (double)strtof(floats[i], NULL), end);
	}
	char text[] = "one, two;three  four", *state;
	for (char *t = strtok_r(text, " ,;", &state); t; t = strtok_r(NULL, " ,;", &state)) printf("[%s]", t);
	char fields[] = "a::b:c", *rest = fields;
	for (char *t; (t = strsep(&rest, ":"));) printf("(%s)", t);
	printf("\n%s %s\n", strstr("haystack with needle", "needle"), strpbrk("path/to:x", ":/"));
	char path[] = "/usr/lib/file.c", other[] = "/usr/lib/file.c";
	printf("%s %s\n", basename(path), dirname(other));
	printf("%d %d %d\n", fnmatch("*.c", "file.c", 0), fnmatch("[a-f]?le*", "file.c", 0), fnmatch("*.h", "file.c", 0));
	regular("([a-z]+)-([0-9]+)", "  abc-123 ");
	regular("^(a|b)*c$", "ababac");
	regular("x{2,3}", "axxxxb");
	regular("(", "");
	unsigned classes = 0;
	for (int c = 0; c < 256; c++) classes = classes * 3 + !!isalpha(c) + 2 * !!isdigit(c) + 4 * !!isspace(c) + toupper(c);
	printf("%u\n", classes);
	printf("%d %d\n", strverscmp("file10", "file9") > 0, strcasecmp("HeLLo", "hEllO"));
	for (int i = 0; i < 135; i += i < 44 ? 1 : 7) printf("%d %s\n", i, strerror(i));
	printf("%s\n", strerror(9999));
	printf("%s %s\n", strsignal(11), strsignal(9));
	return 0;
}
