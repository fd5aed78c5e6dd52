/* A thousand calls from one place, then a thousand of another kind from the same. */
#include "start.h"

int main(void)
{
	static const long nrs[] = { __NR_getpid, __NR_getppid };
	for (size_t k = 0; k < LEN(nrs); k++) {
		long first = sysnr(nrs[k]), same = 0;
		for (int i = 0; i < 1000; i++) same += sysnr(nrs[k]) == first;
		check("the same answer", same, 1000);
	}
	yes("two kinds", sys(getpid) != sys(getppid));
	return failed;
}
