import { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } from "../abi/fcntl.ts";
import { S_IFIFO } from "../abi/stat.ts";
import { POLLHUP } from "../abi/poll.ts";
import { sysOpen } from "../syscalls/open_close.ts";
import { sysMknod } from "../syscalls/path_ops.ts";
import { assert, assertEquals } from "../testing/assert.ts";
import { FakeFiles } from "../testing/fake_files.ts";
import { FileGuest, plain } from "../testing/file_guest.ts";

function setUp() {
  const host = new FakeFiles();
  host.tree.mkdir("home", 0o755);
  const guest = new FileGuest(host, "/mnt/c/home");
  assertEquals(plain(sysMknod(guest.task, guest.text("f"), S_IFIFO | 0o666, 0)), 0);
  return guest;
}

Deno.test("a FIFO is made with its mode", () => {
  const guest = setUp();
  assertEquals(guest.mode("f"), "10644");
  assertEquals(plain(sysMknod(guest.task, guest.text("f"), S_IFIFO | 0o666, 0)), "EEXIST");
});

Deno.test("open waits for the other end", async () => {
  const guest = setUp();
  const reading = sysOpen(guest.task, guest.text("f"), O_RDONLY, 0);
  assert(reading instanceof Promise, "nobody writes");
  const out = guest.open("f", O_WRONLY);
  const input = await reading;
  assertEquals(guest.write(out, "hello"), 5);
  assertEquals(guest.read(Number(input)), "hello");
  guest.close(out);
  assertEquals(guest.read(Number(input)), "");
});

Deno.test("open sees another end that came and went", async () => {
  const guest = setUp();
  const writing = sysOpen(guest.task, guest.text("f"), O_WRONLY, 0);
  assert(writing instanceof Promise, "nobody reads");
  guest.close(guest.open("f", O_RDONLY | O_NONBLOCK));
  assertEquals(typeof await writing, "number");
});

Deno.test("without waiting a reader opens alone and a writer does not", () => {
  const guest = setUp();
  assertEquals(guest.open("f", O_WRONLY | O_NONBLOCK), "ENXIO");
  const input = guest.open("f", O_RDONLY | O_NONBLOCK);
  const file = guest.task.files.get(Number(input));
  assertEquals([file?.poll(), guest.read(input)], [0, ""]);
  const out = guest.open("f", O_WRONLY | O_NONBLOCK);
  guest.close(out);
  assertEquals(file?.poll(), POLLHUP);
});

Deno.test("what is in a FIFO goes when its last end closes", () => {
  const guest = setUp();
  const both = guest.open("f", O_RDWR);
  guest.write(both, "kept");
  const input = guest.open("f", O_RDONLY);
  guest.close(both);
  assertEquals(guest.read(input), "kept");
  guest.close(input);
  const anew = guest.open("f", O_RDWR | O_NONBLOCK);
  assertEquals(guest.read(anew), "EAGAIN");
});
