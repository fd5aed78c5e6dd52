/* strftime(3), mktime(3) and the calendar, in several time zones. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void show(const char *zone, time_t when) {
	char text[200];
	setenv("TZ", zone, 1);
	tzset();
	struct tm tm = *localtime(&when);
	strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %a %A %b %B %j %U %W %V %G %u %w %y %C %I %p %e %D %T %R %s %%", &tm);
	printf("%s %lld: %s | %d %d\n", zone, (long long)when, text, tm.tm_isdst, mktime(&tm) == when);
	strftime(text, sizeof text, "%c | %x | %X | %Z %z", &tm);
	printf("  %s | %s", text, asctime(&tm));
}

int main(void) {
	static const time_t times[] = {0, 1, 951782400, 1000000000, 1711846800, 1720000000, 1735689599, 2147483647, -1};
	static const char *zones[] = {"UTC0", "CET-1CEST,M3.5.0,M10.5.0/3", "EST5EDT,M3.2.0,M11.1.0", "<+0545>-5:45"};
	for (size_t z = 0; z < 4; z++)
		for (size_t i = 0; i < sizeof times / sizeof *times; i++) show(zones[z], times[i]);
	setenv("TZ", "UTC0", 1);
	struct tm odd = {.tm_year = 124, .tm_mon = 14, .tm_mday = -10, .tm_hour = 50, .tm_min = -5, .tm_sec = 3700};
	printf("%lld", (long long)mktime(&odd));
	printf(" %s", asctime(&odd));
	printf("%lld\n", (long long)timegm(&odd));
	printf("%g\n", difftime(1000, 10));
	struct tm parsed = {0};
	char *end = strptime("2024-02-29 12:34:56 rest", "%Y-%m-%d %H:%M:%S", &parsed);
	printf("%d %d %d %s\n", parsed.tm_yday, parsed.tm_wday, parsed.tm_sec, end);
	printf("%s", ctime(&times[3]));
	return 0;
}
