/* mkfifo(3), mknod(2): FIFOs that one process opens by itself. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void show(const char *what, long result) {
	if (result < 0) printf("%s: %s\n", what, strerror(errno));
	else printf("%s: %ld\n", what, result);
}

static void state(const char *what, int fd) {
	struct pollfd one = {fd, POLLIN | POLLOUT, 0};
	poll(&one, 1, 0);
	printf("%s: %x\n", what, one.revents);
}

int main(void) {
	char buffer[100];
	struct stat status;
	umask(022);
	show("mkfifo", mkfifo("f", 0666));
	show("mkfifo again", mkfifo("f", 0666));
	show("mkfifo nowhere", mkfifo("no/f", 0666));
	show("mknod", mknod("g", S_IFIFO | 0600, 0));
	show("mknod of a file", mknod("h", S_IFREG | 0644, 0));
	stat("f", &status);
	printf("mode %o, size %ld, links %ld\n", status.st_mode, (long)status.st_size, (long)status.st_nlink);
	show("write only, no reader", open("f", O_WRONLY | O_NONBLOCK));
	int in = open("f", O_RDONLY | O_NONBLOCK);
	show("read only", in);
	state("no writer yet", in);
	show("read", read(in, buffer, 10));
	int out = open("f", O_WRONLY);
	show("write only", out);
	show("read", read(in, buffer, 10));
	show("write", write(out, "hello", 5));
	state("some bytes", in);
	state("writer", out);
	show("read", read(in, buffer, 10));
	close(out);
	state("writer gone", in);
	show("read", read(in, buffer, 10));
	out = open("f", O_WRONLY | O_NONBLOCK);
	state("writer back", in);
	fstat(in, &status);
	struct stat named;
	stat("f", &named);
	printf("same inode %d, mode %o\n", status.st_ino == named.st_ino, status.st_mode);
	show("truncating open", open("f", O_WRONLY | O_TRUNC | O_NONBLOCK));
	show("lseek", lseek(in, 0, SEEK_SET));
	show("rename", rename("f", "moved"));
	int again = open("moved", O_WRONLY | O_NONBLOCK);
	show("write under its new name", write(again, "moved", 5));
	show("read", read(in, buffer, 10));
	close(again);
	show("unlink", unlink("moved"));
	show("write", write(out, "gone", 4));
	show("read", read(in, buffer, 10));
	show("fstat", fstat(in, &status));
	printf("links %ld, mode %o\n", (long)status.st_nlink, status.st_mode);
	close(in);
	close(out);

	int both = open("g", O_RDWR);
	show("both", both);
	state("both", both);
	show("write", write(both, "self", 4));
	state("both", both);
	show("read", read(both, buffer, 10));
	printf("flags %x\n", fcntl(both, F_GETFL) & ~0100000);
	in = open("g", O_RDONLY);
	show("reader beside", in);
	close(both);
	state("alone", in);
	close(in);
	in = open("g", O_RDONLY | O_NONBLOCK);
	state("opened anew", in);
	close(in);
	show("chmod", chmod("g", 0640));
	stat("g", &status);
	printf("mode %o\n", status.st_mode);
	show("truncate", truncate("g", 0));
	show("link", link("g", "also"));
	in = open("g", O_RDONLY | O_NONBLOCK);
	out = open("also", O_WRONLY | O_NONBLOCK);
	show("write by another name", write(out, "x", 1));
	show("read", read(in, buffer, 10));
	DIR *folder = opendir(".");
	for (struct dirent *entry; (entry = readdir(folder));)
		if (!strcmp(entry->d_name, "g")) printf("kind %d\n", entry->d_type == DT_FIFO || entry->d_type == DT_UNKNOWN);
	closedir(folder);
	unlink("g");
	unlink("also");
	unlink("h");
	return 0;
}
