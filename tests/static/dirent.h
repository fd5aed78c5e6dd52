/* Records of getdents64(2) and the old getdents(2), whose type is its record's last byte. */
struct dirent64 {
	unsigned long long ino;
	long long off;
	unsigned short reclen;
	unsigned char type;
	char name[];
} __attribute__((packed));

struct dirent {
	unsigned long ino, off;
	unsigned short reclen;
	char name[];
};

enum { DT_UNKNOWN = 0, DT_DIR = 4, DT_REG = 8, DT_LNK = 10 };
