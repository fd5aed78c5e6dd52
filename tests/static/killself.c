/* Sends itself SIGTERM by kill(2). */
#include "start.h"

int main(void)
{
	say("killself");
	check("kill with no signal", sys(kill, sys(getpid), 0), 0);
	sys(kill, sys(getpid), 15);
	say("FAIL still here");
	return 1;
}
