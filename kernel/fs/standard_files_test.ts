import { TCGETS, TIOCGWINSZ } from "../abi/ioctl.ts";
import { winsize } from "../abi/termios.ts";
import { EAGAIN, ENOTTY } from "../abi/errno.ts";
import { sysIoctl } from "../syscalls/ioctl.ts";
import { sysRead } from "../syscalls/read_write.ts";
import { assert, assertEquals } from "../testing/assert.ts";
import { FakeFiles, FakeStream } from "../testing/fake_files.ts";
import { FileGuest } from "../testing/file_guest.ts";

function setUp(kind: "pipe" | "console" = "pipe") {
  const host = new FakeFiles();
  host.tree.mkdir("home", 0o755);
  const streams = [new FakeStream(kind), new FakeStream(kind), new FakeStream(kind)] as const;
  host.stream = (fd) => streams[fd];
  return { guest: new FileGuest(host, "/mnt/c/home"), streams };
}

Deno.test("standard output takes every byte", () => {
  const { guest, streams } = setUp();
  assertEquals(guest.write(1, "out"), 3);
  assertEquals(guest.write(2, "err"), 3);
  assertEquals(guest.write(0, "x"), "EBADF");
  assertEquals(guest.read(1), "EBADF");
  assertEquals([streams[1].written, streams[2].written], ["out", "err"]);
});

Deno.test("reading a pipe waits for the host without losing data", async () => {
  const { guest, streams } = setUp();
  const waiting = sysRead(guest.task, 0, guest.data, 100);
  assert(waiting instanceof Promise, "the read should wait");
  assert(streams[0].ready !== undefined, "the host should have been asked");
  streams[0].input = new TextEncoder().encode("late");
  streams[0].ready();
  assertEquals(await waiting, 4);
  assertEquals(new TextDecoder().decode(guest.bytes(4)), "late");
  streams[0].ended = true;
  assertEquals(guest.read(0), "");
});

Deno.test("a nonblocking pipe says EAGAIN", () => {
  const { guest } = setUp();
  guest.task.files.get(0)!.flags |= 0o4000;
  assertEquals(sysRead(guest.task, 0, guest.data, 1), EAGAIN);
});

Deno.test("only a console is a terminal", () => {
  const redirected = setUp().guest;
  assertEquals(sysIoctl(redirected.task, 1, TCGETS, redirected.data), ENOTTY);
  assertEquals(redirected.open("/dev/tty", 2), "ENXIO");
  const { guest, streams } = setUp("console");
  assertEquals(sysIoctl(guest.task, 0, TCGETS, guest.data), 0);
  assertEquals(sysIoctl(guest.task, 1, TIOCGWINSZ, guest.data), 0);
  const size = winsize.decode(guest.bytes(winsize.size));
  assertEquals([size.ws_row, size.ws_col], [30, 90]);
  const tty = guest.open("/dev/tty", 2);
  guest.write(tty, "hi");
  guest.close(tty);
  assertEquals(streams[1].written, "hi");
});
