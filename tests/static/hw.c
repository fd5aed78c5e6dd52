/* The first program. */
#include "start.h"

int main(void)
{
	say("hello world");
	return 0;
}
