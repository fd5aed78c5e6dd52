/** What a task has written by itself, and put off, as the kernel's calls find it. */
import { ENOSPC, Errno } from "../abi/errno.ts";
import { O_CREAT, O_DSYNC, O_RDWR } from "../abi/fcntl.ts";
import type { FileLoan, LoanTerms } from "../host_files.ts";
import { assertEquals } from "../testing/assert.ts";
import { FakeTree } from "../testing/fake_files.ts";
import { FakeTask } from "../testing/fake_task.ts";
import { HostRegularFile } from "./host_open_file.ts";
import { HostFs } from "./hostfs.ts";
import type { OpenRequest } from "./inode.ts";
import { Mount } from "./mount.ts";
import { Stat } from "./stat.ts";

const ENOUGH = 0x10_0000;

class FakeLoan implements FileLoan {
  position = 0;
  owes = false;
  ended = 0;
  constructor(readonly failure: 0 | Errno) {}
  end(): 0 | Errno {
    this.ended++;
    return this.owes ? this.failure : 0;
  }
}

/** A file that has been lent, and how its loan ends. */
function lent(flags: number, failure: 0 | Errno = 0) {
  const tree = new FakeTree(), handle = tree.create("name", 0o600);
  if (handle instanceof Errno) throw handle;
  const loan = new FakeLoan(failure);
  const asked: LoanTerms[] = [];
  handle.lend = (_thread, terms) => {
    asked.push(terms);
    return loan;
  };
  const { task } = new FakeTask(), fs = new HostFs(tree, 1);
  const location = { mount: new Mount(fs, undefined, "", undefined), inode: fs.root };
  const opener = { files: { get: () => undefined } }, actor = { euid: 0, egid: 0 };
  const request: OpenRequest = { flags, location, actor, task: opener };
  const file = new HostRegularFile(request, fs, handle);
  file.offerTo(task, 3, ENOUGH);
  return { file, loan, task, asked, fs, request };
}

Deno.test("whoever looks into a file has what its task has put off written first", () => {
  const looks: ((file: HostRegularFile) => unknown)[] = [
    (file) => file.pread(new Uint8Array(1), 0),
    (file) => file.write(new Uint8Array(1)),
    (file) => file.stat(new Stat()),
    (file) => file.seek(0, 2),
    (file) => file.truncate(5),
    (file) => file.sync(),
  ];
  for (const look of looks) {
    const { file, loan } = lent(O_RDWR);
    look(file);
    assertEquals(loan.ended, 0);
    loan.owes = true;
    look(file);
    assertEquals([look.toString(), loan.ended], [look.toString(), 1]);
  }
});

Deno.test("what could not be written after all is told with the next call, once", () => {
  const { file, loan } = lent(O_RDWR, ENOSPC);
  loan.owes = true;
  assertEquals(file.write(new Uint8Array(1)), ENOSPC);
  assertEquals(file.write(new Uint8Array(1)), 1);
});

Deno.test("writes may be put off only by the one who has the file, and not with O_DSYNC", () => {
  const { asked, file, loan, task, fs, request } = lent(O_RDWR);
  const other = file.reopen({ ...request, flags: O_RDWR });
  assertEquals([other instanceof HostRegularFile, loan.ended], [true, 1]);
  file.offerTo(task, 3, ENOUGH);
  new HostRegularFile(request, fs, file).offerTo(task, 4, ENOUGH);
  assertEquals(asked.map(({ fd, alone }) => [fd, alone]), [[3, true], [3, false], [4, false]]);
  assertEquals(lent(O_RDWR | O_CREAT | O_DSYNC).asked[0]?.alone, false);
});
