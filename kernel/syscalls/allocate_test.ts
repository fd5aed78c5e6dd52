import { I386 } from "../abi/abi.ts";
import { FALLOC_FL_KEEP_SIZE, FALLOC_FL_PUNCH_HOLE } from "../abi/falloc.ts";
import { O_CREAT, O_LARGEFILE, O_PATH, O_RDONLY, O_RDWR } from "../abi/fcntl.ts";
import { assert, assertEquals } from "../testing/assert.ts";
import { FakeFiles } from "../testing/fake_files.ts";
import { FileGuest, plain } from "../testing/file_guest.ts";
import { sysFallocate } from "./allocate.ts";
import { sysFtruncate } from "./attributes.ts";

function newGuest(abi?: typeof I386): FileGuest {
  const host = new FakeFiles();
  host.tree.mkdir("home", 0o755);
  return new FileGuest(host, "/mnt/c/home", abi);
}

function size(guest: FileGuest, path: string): number {
  const stat = guest.stat(path);
  assert(typeof stat !== "string");
  return stat.size;
}

Deno.test("fallocate() lengthens a file and never shortens it", () => {
  const guest = newGuest();
  guest.put("f", "text");
  const fd = Number(guest.open("f", O_RDWR));
  const allocate = (mode: number, offset: number, length: number) =>
    plain(sysFallocate(guest.task, fd, mode, offset, length));
  assertEquals(allocate(0, 2, 10), 0);
  assertEquals(size(guest, "f"), 12);
  assertEquals(allocate(0, 0, 5), 0);
  assertEquals(allocate(FALLOC_FL_KEEP_SIZE, 100, 100), 0);
  assertEquals(size(guest, "f"), 12);
  assertEquals(guest.read(fd), "text" + "\0".repeat(8));
});

Deno.test("fallocate() refuses what Linux refuses", () => {
  const guest = newGuest();
  guest.put("f", "text");
  const fd = Number(guest.open("f", O_RDWR));
  const readOnly = Number(guest.open("f", O_RDONLY));
  const allocate = (fd: number, mode: number, offset: number, length: number) =>
    plain(sysFallocate(guest.task, fd, mode, offset, length));
  assertEquals(allocate(99, 0, 0, 1), "EBADF");
  assertEquals(allocate(readOnly, 0, 0, 1), "EBADF");
  assertEquals(allocate(fd, 0, -1, 1), "EINVAL");
  assertEquals(allocate(fd, 0, 0, 0), "EINVAL");
  assertEquals(allocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 1), "EOPNOTSUPP");
  assertEquals(allocate(fd, 0, Number.MAX_SAFE_INTEGER, 1), "EFBIG");
  assertEquals(allocate(Number(guest.open("/dev/null", O_RDWR)), 0, 0, 1), "ENODEV");
});

Deno.test("open() of a 32-bit program needs O_LARGEFILE for 2 GiB and more", () => {
  const guest = newGuest(I386);
  const fd = Number(guest.open("f", O_RDWR | O_CREAT));
  assertEquals(plain(sysFtruncate(guest.task, fd, 0x7fff_ffff)), 0);
  assert(typeof guest.open("f", O_RDONLY) === "number");
  assertEquals(plain(sysFtruncate(guest.task, fd, 0x8000_0000)), 0);
  assertEquals(guest.open("f", O_RDONLY), "EOVERFLOW");
  assert(typeof guest.open("f", O_RDONLY | O_LARGEFILE) === "number");
  assert(typeof guest.open("f", O_PATH) === "number");
});
