import { EIO, ENOSPC, type Errno } from "../kernel/abi/errno.ts";
import { u64 } from "../kernel/abi/layout.ts";
import { assertEquals as equal } from "../loader/elf/testing/assert.ts";
import {
  Channel,
  LentFile,
  MAX_LENT,
  MAY_PUT_OFF,
  MAY_READ,
  MAY_WRITE,
  PUT_OFF_SIZE,
  Shared,
} from "../loader/x86/gate/channel.ts";
import { LentFiles } from "./lent_files.ts";

/** Where the container has the page that all threads see. */
const SHARED = 0x10_0000;

function setUp() {
  const view = new DataView(new ArrayBuffer(Channel.size)), closed: bigint[] = [];
  /** What the thread does meanwhile. */
  const meanwhile: (() => void)[] = [];
  const aheadBytes = new Uint8Array(16).fill(7);
  const files = new LentFiles(
    view,
    { closeLater: (handle) => void closed.push(handle), aheadBytes, sharedAddress: SHARED },
    () => meanwhile.shift()?.(),
  );
  const lend = (fd: number, ended = () => {}) =>
    files.add(BigInt(fd) * 4n, { fd, rights: MAY_READ, position: 100 * fd, ended });
  /** What the gate finds. */
  const seen = () =>
    Array.from({ length: MAX_LENT }, (_, i) => {
      const { fd, handle, position } = LentFile.read(view, Channel.offset.lentFiles + i * LentFile.size);
      return [fd, handle, position];
    });
  const lends = () => Channel.read(view, 0).lends !== 0;
  return { view, files, closed, lend, seen, lends, meanwhile, aheadBytes };
}

const NONE = [0, 0, 0];

Deno.test("the gate finds what is lent, until it is taken back", () => {
  const { files, closed, lend, seen, lends } = setUp();
  equal(lends(), false);
  const three = lend(3), five = lend(5);
  equal([lends(), seen()], [true, [[3, 12, 300], [5, 20, 500], NONE, NONE]]);
  three.end();
  three.end();
  equal([lends(), seen(), closed], [true, [NONE, [5, 20, 500], NONE, NONE], [12n]]);
  lend(7);
  equal(seen(), [[7, 28, 700], [5, 20, 500], NONE, NONE]);
  files.takeBack();
  equal([lends(), seen(), closed.length], [false, [NONE, NONE, NONE, NONE], 3]);
  equal(five.position, 500);
});

Deno.test("a position is where the thread or the kernel has put it, also when the loan is over", () => {
  const { view, lend } = setUp(), loan = lend(3);
  const word = Channel.offset.lentFiles + LentFile.offset.position;
  u64.write(view, word, 2 ** 33);
  equal(loan.position, 2 ** 33);
  loan.position = 50;
  equal(u64.read(view, word), 50);
  loan.end();
  u64.write(view, word, 9999);
  equal(loan.position, 50);
  loan.position = 60;
  equal([loan.position, u64.read(view, word)], [60, 9999]);
});

Deno.test("a loan ends when the thread is done with what it is reading", () => {
  const { view, lend, meanwhile } = setUp(), loan = lend(3);
  const place = Channel.offset.lentFiles;
  u64.write(view, Channel.offset.lentFile, 0x6fff_0000_1000 + place);
  let rights = -1;
  meanwhile.push(() => {}, () => {
    rights = LentFile.read(view, place).rights;
    u64.write(view, place + LentFile.offset.position, 8492);
    u64.write(view, Channel.offset.lentFile, 0);
  });
  loan.end();
  equal([loan.position, rights, meanwhile.length], [8492, 0, 0]);
});

Deno.test("no more is lent than there is room for, and who asked is told when a loan ends", () => {
  const { files, lend } = setUp();
  let ended = 0;
  for (let fd = 1; fd <= MAX_LENT; fd++) lend(fd, () => void ended++);
  equal(files.full, true);
  files.takeBack();
  equal([files.full, ended], [false, MAX_LENT]);
});

Deno.test("who may write looks at the stretches of the only writer", () => {
  const { view, files } = setUp();
  const word = () => Channel.read(view, 0).aheadWord - SHARED;
  const add = (fd: number, rights: number) => files.add(BigInt(fd), { fd, rights, position: 0 });
  equal(word(), Shared.offset.stretch);
  const one = add(3, MAY_READ | MAY_WRITE), other = add(4, MAY_WRITE), reader = add(5, MAY_READ);
  equal(word(), Shared.offset.writerStretch);
  one.end();
  reader.end();
  equal(word(), Shared.offset.writerStretch);
  other.end();
  equal(word(), Shared.offset.stretch);
});

Deno.test("what was read ahead is gone with the last loan, and is not taken for a new one's", () => {
  const { view, lend, aheadBytes } = setUp();
  const three = lend(3), five = lend(5);
  const place = Channel.offset.lentFiles;
  Channel.patch(view, 0, { aheadFile: place, aheadNext: 1000 });
  three.end();
  equal(aheadBytes.every((byte) => byte === 7), true);
  five.end();
  equal(aheadBytes.every((byte) => byte === 0), true);
  aheadBytes.fill(7);
  lend(4).end();
  equal(aheadBytes.every((byte) => byte === 7), true);
  equal(Channel.read(view, 0).aheadFile, 0);
});

Deno.test("what was put off is written when its loan ends, whatever the guest says of it", () => {
  const { view, files, aheadBytes } = setUp(), written: [number, number][] = [];
  Channel.patch(view, 0, { aheadArea: 4096 });
  const lend = (fd: number, failure: 0 | Errno = 0) =>
    files.add(BigInt(fd), {
      fd,
      rights: MAY_WRITE,
      position: 0,
      putDown: (bytes, offset) => {
        written.push([bytes.length, offset]);
        return failure;
      },
    });
  const place = (slot: number) => Channel.offset.lentFiles + slot * LentFile.size;
  const three = lend(3), four = lend(4), five = lend(5, ENOSPC);
  Channel.patch(view, 0, { putOff: 10, putOffFile: place(1), aheadOffset: 110, aheadNext: 4106 });
  equal([three.owes, four.owes, three.end(), written], [false, true, 0, []]);
  equal([four.end(), four.owes, written], [0, false, [[10, 100]]]);
  Channel.patch(view, 0, { putOff: 16, putOffFile: place(2), aheadOffset: 2 ** 33 });
  equal([five.end(), five.end(), written.splice(0)], [ENOSPC, ENOSPC, [[10, 100], [16, 2 ** 33 - 16]]]);
  equal(aheadBytes.every((byte) => byte === 0), true);
  for (const [putOff, aheadOffset] of [[10, 9], [PUT_OFF_SIZE + 1, 2 ** 30], [1, 2 ** 60]] as const) {
    const loan = lend(6);
    Channel.patch(view, 0, { putOff, putOffFile: place(0), aheadOffset });
    equal([loan.end(), written], [EIO, []]);
  }
});

Deno.test("nothing is put off without room for it, or without leave", () => {
  const { view, files } = setUp(), rights = () => LentFile.read(view, Channel.offset.lentFiles).rights;
  const request = { fd: 3, rights: MAY_WRITE, position: 0 }, putDown = (): 0 => 0;
  files.add(1n, { ...request, putDown });
  equal(rights(), MAY_WRITE);
  files.takeBack();
  Channel.patch(view, 0, { aheadArea: 4096 });
  files.add(1n, request);
  equal(rights(), MAY_WRITE);
  files.takeBack();
  files.add(1n, { ...request, putDown });
  equal(rights(), MAY_WRITE | MAY_PUT_OFF);
});
