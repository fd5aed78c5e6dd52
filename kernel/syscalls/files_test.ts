import { I386, X86_64 } from "../abi/abi.ts";
import { EAGAIN, EBADF, EFAULT, EINVAL } from "../abi/errno.ts";
import {
  F_DUPFD,
  F_DUPFD_CLOEXEC,
  F_GETFD,
  F_GETFL,
  F_SETFD,
  F_SETFL,
  LOCK_EX,
  LOCK_NB,
  LOCK_SH,
  LOCK_UN,
  O_APPEND,
  O_LARGEFILE,
  O_NONBLOCK,
  O_RDWR,
} from "../abi/fcntl.ts";
import { stat64I386, statI386, statx, statX64 } from "../abi/stat.ts";
import { assertEquals } from "../testing/assert.ts";
import { FakeFiles } from "../testing/fake_files.ts";
import { MEMORY } from "../testing/fake_task.ts";
import { FileGuest } from "../testing/file_guest.ts";
import { sysFcntl, sysFlock } from "./fcntl.ts";
import { sysCloseRange, sysDup, sysDup2, sysDup3 } from "./open_close.ts";
import { sysLlseek, sysPreadv, sysRead, sysReadv, sysWritev } from "./read_write.ts";
import { sysSendfile } from "./sendfile.ts";
import { sysStat, sysStat64, sysStatfs, sysStatx } from "./stat.ts";

function setUp(abi = X86_64): FileGuest {
  const host = new FakeFiles();
  host.tree.mkdir("home", 0o755);
  return new FileGuest(host, "/mnt/c/home", abi);
}

Deno.test("dup shares the position, not the close-on-exec flag", () => {
  const g = setUp();
  g.put("f", "abcdef");
  const fd = g.open("f", O_RDWR | 0o2000000) as number;
  const copy = sysDup(g.task, fd) as number;
  assertEquals(g.read(fd, 2), "ab");
  assertEquals(g.read(copy, 2), "cd");
  assertEquals([g.task.files.closesOnExec(fd), g.task.files.closesOnExec(copy)], [true, false]);
  assertEquals(sysDup2(g.task, fd, fd), fd);
  assertEquals(sysDup2(g.task, fd, 9), 9);
  assertEquals(sysDup3(g.task, fd, fd, 0), EINVAL);
  assertEquals(sysDup2(g.task, 77, 77), EBADF);
  assertEquals(sysDup2(g.task, fd, 5000), EBADF);
  assertEquals(sysFcntl(g.task, fd, F_DUPFD, 20), 20);
  assertEquals(sysFcntl(g.task, fd, F_DUPFD_CLOEXEC, 20), 21);
  assertEquals(sysFcntl(g.task, 21, F_GETFD, 0), 1);
  assertEquals(sysFcntl(g.task, 21, F_SETFD, 0), 0);
  assertEquals(sysFcntl(g.task, 21, F_GETFD, 0), 0);
  assertEquals(sysCloseRange(g.task, 5, 0xffff_ffff, 0), 0);
  assertEquals(g.read(20), "EBADF");
});

Deno.test("status flags are shared and only some can change", () => {
  const g = setUp();
  g.put("f", "");
  const fd = g.open("f", O_RDWR) as number;
  assertEquals(sysFcntl(g.task, fd, F_SETFL, O_APPEND | O_NONBLOCK | 1), 0);
  assertEquals(sysFcntl(g.task, fd, F_GETFL, 0), O_RDWR | O_APPEND | O_NONBLOCK | O_LARGEFILE);
});

Deno.test("vectors are read and written in order", () => {
  const g = setUp();
  const fd = g.open("f", O_RDWR | 0o100) as number;
  const view = g.fake.memory.view(g.data);
  const vectors = (...parts: [number, number][]) =>
    parts.forEach(([base, length], i) => {
      view.setBigUint64(i * 16, BigInt(base), true);
      view.setBigUint64(i * 16 + 8, BigInt(length), true);
    });
  const text = g.text("onetwothree");
  vectors([text, 3], [0, 0], [text + 6, 5]);
  assertEquals(sysWritev(g.task, fd, g.data, 3), 8);
  assertEquals(g.pread(fd, 20, 0), "onethree");
  vectors([g.data + 100, 2], [g.data + 110, 100]);
  assertEquals(sysPreadv(g.task, fd, g.data, 2, 1), 7);
  assertEquals(sysReadv(g.task, fd, g.data, 1025), EINVAL);
  vectors([g.data, 2 ** 63]);
  assertEquals(sysReadv(g.task, fd, g.data, 1), EINVAL);
});

Deno.test("memory that ends early gives a short read, then EFAULT", () => {
  const g = setUp();
  g.put("f", "x".repeat(100));
  const fd = g.open("f", O_RDWR) as number;
  const end = MEMORY + g.fake.memory.bytes.length;
  assertEquals(sysRead(g.task, fd, end - 10, 50), 10);
  assertEquals(sysRead(g.task, fd, end, 50), EFAULT);
  assertEquals(sysRead(g.task, fd, end, 0), 0);
});

Deno.test("stat structures of both ABIs and statx agree", () => {
  const g = setUp();
  g.put("f", "12345", 0o640);
  assertEquals(sysStat(g.task, g.text("f"), g.data), 0);
  const long = statX64.decode(g.bytes(statX64.size));
  assertEquals([long.st_size, long.st_mode, long.st_mtime, long.st_nlink], [5, 0o100640, 1_600_000_000, 1]);
  assertEquals(sysStatx(g.task, -100, g.text("f"), 0, 0x7ff, g.data), 0);
  const wide = statx.decode(g.bytes(statx.size));
  assertEquals([wide.stx_size, wide.stx_mode, wide.stx_ino], [5, 0o100640, long.st_ino]);
  const old = setUp(I386);
  old.put("f", "12345", 0o640);
  assertEquals(sysStat(old.task, old.text("f"), old.data), 0);
  assertEquals(statI386.decode(old.bytes(statI386.size)).st_size, 5);
  assertEquals(sysStat64(old.task, old.text("f"), old.data), 0);
  const stat64 = stat64I386.decode(old.bytes(stat64I386.size));
  assertEquals([stat64.st_ino, stat64.st_ino_low, stat64.st_mode], [long.st_ino, long.st_ino, 0o100640]);
  assertEquals(sysStatfs(old.task, old.text("f"), old.data), 0);
});

Deno.test("_llseek goes beyond 4 GiB", () => {
  const g = setUp(I386);
  const fd = g.open("f", O_RDWR | 0o100) as number;
  assertEquals(sysLlseek(g.task, fd, 3, 0x8000_0000, g.data, 0), 0);
  assertEquals(g.fake.memory.view(g.data).getBigUint64(0, true), 0x3_8000_0000n);
});

Deno.test("flock: shared with shared, exclusive alone, woken when free", async () => {
  const g = setUp();
  g.put("f", "");
  const [a, b] = [g.open("f", O_RDWR) as number, g.open("f", O_RDWR) as number];
  assertEquals(sysFlock(g.task, a, LOCK_SH), 0);
  assertEquals(sysFlock(g.task, b, LOCK_SH), 0);
  assertEquals(sysFlock(g.task, b, LOCK_EX | LOCK_NB), EAGAIN);
  const waiting = sysFlock(g.task, b, LOCK_EX);
  assertEquals(sysFlock(g.task, a, LOCK_UN), 0);
  assertEquals(await waiting, 0);
  assertEquals(sysFlock(g.task, a, LOCK_EX | LOCK_NB), EAGAIN);
  g.close(b);
  assertEquals(sysFlock(g.task, a, LOCK_EX | LOCK_NB), 0);
});

Deno.test("sendfile copies and moves the right position", () => {
  const g = setUp();
  g.put("a", "0123456789");
  const [from, to] = [g.open("a", 0) as number, g.open("b", O_RDWR | 0o100) as number];
  assertEquals(sysSendfile(g.task, to, from, 0, 4), 4);
  g.fake.memory.view(g.data).setBigUint64(0, 8n, true);
  assertEquals(sysSendfile(g.task, to, from, g.data, 100), 2);
  assertEquals(g.fake.memory.view(g.data).getBigUint64(0, true), 10n);
  assertEquals(g.read(from, 1), "4");
  assertEquals(g.pread(to, 20, 0), "012389");
});
