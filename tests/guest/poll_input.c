/* Reads standard input only when poll(2) or select(2) says that there is some. */
#include <poll.h>
#include <stdio.h>
#include <sys/select.h>
#include <unistd.h>

int main(void) {
	char buffer[1000];
	long total = 0, count = -1;
	unsigned sum = 0;
	for (int turn = 0; count != 0; turn++) {
		if (turn % 2) {
			struct pollfd list[2] = {{0, POLLIN, 0}, {1, POLLOUT, 0}};
			if (poll(list, 1, -1) != 1) return 1;
			if (!(list[0].revents & (POLLIN | POLLHUP))) return 2;
		} else {
			fd_set in;
			FD_ZERO(&in);
			FD_SET(0, &in);
			if (select(1, &in, NULL, NULL, NULL) != 1 || !FD_ISSET(0, &in)) return 3;
		}
		count = read(0, buffer, sizeof buffer);
		if (count < 0) return 4;
		for (long i = 0; i < count; i++) sum = sum * 31 + (unsigned char)buffer[i];
		total += count;
	}
	printf("%ld bytes, sum %u\n", total, sum);
	return 0;
}
