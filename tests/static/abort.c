/* Sends itself SIGABRT by tgkill(2), as abort(3) does. */
#include "start.h"

int main(void)
{
	say("abort");
	sys(tgkill, sys(getpid), sys(gettid), 6);
	say("FAIL still here");
	return 1;
}
