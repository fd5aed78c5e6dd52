/* brk(2): growing gives zeros, shrinking takes away, nonsense changes nothing. */
#include "start.h"

static char *brk(const void *to) { return (char *)sys(brk, to); }

int main(void)
{
	char *start = brk(0);
	yes("there is a break", start && !bad(start));
	check("asking again", brk(0), start);

	char *page = (char *)(((unsigned long)start + PAGE - 1) & -PAGE); /* the first that is wholly ours */
	check("grow", brk(page + 3 * PAGE), page + 3 * PAGE);
	yes("new memory is zero", all(start, 0, page + 3 * PAGE - start));
	memset(start, 'x', page + 3 * PAGE - start);
	check("grow by bytes", brk(page + 3 * PAGE + 100), page + 3 * PAGE + 100);
	yes("old contents kept", all(start, 'x', page + 3 * PAGE - start));
	yes("the rest of its page is there", page[4 * PAGE - 1] == 0);

	check("shrink", brk(page + PAGE + 10), page + PAGE + 10);
	yes("kept below", all(page, 'x', 2 * PAGE));
	page[2 * PAGE - 1] = 0;
	yes("gone above", readable(page + 2 * PAGE - 1) && !readable(page + 2 * PAGE));
	check("grow again", brk(page + 4 * PAGE), page + 4 * PAGE);
	yes("zero again", all(page + 2 * PAGE, 0, 2 * PAGE));
	yes("still kept below", all(page, 'x', 2 * PAGE - 1));

	check("a break below the start", brk((char *)PAGE), page + 4 * PAGE);
	check("a break beyond all memory", brk((char *)-PAGE), page + 4 * PAGE);

	char *big = page + (16 << 20);
	check("grow 16 MiB", brk(big), big);
	for (char *p = page + 4 * PAGE; p < big; p += 64 * PAGE) p[1] = 1;
	check("touched its end", big[-1] = 7, 7);
	check("all the way back", brk(start), start);
	yes("all gone", !readable(page));
	return failed;
}
