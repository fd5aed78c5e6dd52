/* 64 MiB of zeros that are in no file; also a program header whose memory is far larger than its bytes. */
#include "start.h"

enum { SIZE = 64 << 20 };
static volatile char big[SIZE];
static volatile int before = 7;

int main(void)
{
	int zero = 1;
	for (int i = 0; i < SIZE; i += 1 << 20) zero &= !big[i] && !big[i + 4097];
	yes("zero", zero && !big[SIZE - 1]);
	for (int i = 0; i < SIZE; i += 8 << 20) big[i] = 1 + (i >> 23);
	big[SIZE - 1] = 'z';
	int kept = 1;
	for (int i = 0; i < SIZE; i += 8 << 20) kept &= big[i] == 1 + (i >> 23) && !big[i + 1];
	yes("kept", kept && big[SIZE - 1] == 'z');
	check("data", before, 7);
	char *brk = (char *)sys(brk, 0);
	yes("the break is behind it", brk > (char *)big + SIZE - 1);
	check("and grows", sys(brk, brk + PAGE), brk + PAGE);
	*brk = 1;
	return failed;
}
