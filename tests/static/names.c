/* Names that Linux takes and Windows does not. */
#include "start.h"
#include "dirent.h"

static const char *const names[] = {
	"a:b", "what?", "star*", "<less>", "pipe|", "quo\"te", "back\\slash", "dot.", "space ", " lead", "con", "NUL",
	"aux.txt", "com1", "tab\there", "new\nline", "\x01", "gr\xc3\xbc\xc3\x9f", "\xe6\xbc\xa2\xe5\xad\x97", "...", "~",
	"$Mft",
};

int main(void)
{
	enter("names.tmp");
	for (size_t i = 0; i < LEN(names); i++) {
		say(num(i), " ", names[i]);
		check("made", make(names[i], names[i]), strlen(names[i]));
	}
	for (size_t i = 0; i < LEN(names); i++) check(num(i), strcmp(contents(names[i]), names[i]), 0);

	static char buf[8192];
	unsigned found = 0;
	long n, fd = sys(open, ".", O_RDONLY | O_DIRECTORY);
	while ((n = sys(getdents64, fd, buf, sizeof buf)) > 0)
		for (char *p = buf; p < buf + n; p += ((struct dirent64 *)p)->reclen)
			for (size_t i = 0; i < LEN(names); i++)
				if (!strcmp(names[i], ((struct dirent64 *)p)->name)) found |= 1u << i;
	check("all listed", found, (1u << LEN(names)) - 1);
	sys(close, fd);
	check("a folder", sys(mkdir, "a?b", 0755), 0);
	check("rename", sys(rename, "a:b", "a?b/c:d."), 0);
	say("it holds ", contents("a?b/c:d."));
	check("unlink", sys(unlink, "a?b/c:d."), 0);
	check("rmdir", sys(rmdir, "a?b"), 0);
	for (size_t i = 1; i < LEN(names); i++) check(num(i), sys(unlink, names[i]), 0);
	leave("names.tmp");
	return failed;
}
