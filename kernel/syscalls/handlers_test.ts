/** Handlers through dispatch, by their numbers, over a fake machine. */
import { I386, X86_64 } from "../abi/abi.ts";
import { EAGAIN, EFAULT, EINVAL, EPERM, Errno, ESRCH, ETIMEDOUT } from "../abi/errno.ts";
import { rlimit, rlimit64 } from "../abi/resource.ts";
import { RDI, RIP, RSP } from "../abi/registers.ts";
import { SA_RESTORER, sigaction, sigaltstack } from "../abi/signal.ts";
import { rtSigframe64 } from "../abi/ucontext.ts";
import { sendSignal } from "../signal/send.ts";
import { sysinfo } from "../abi/sysinfo.ts";
import { timespec, timespec64 } from "../abi/time.ts";
import { newUtsname } from "../abi/utsname.ts";
import { Credentials } from "../task/credentials.ts";
import { assert, assertEquals } from "../testing/assert.ts";
import { FakeTask, MEMORY } from "../testing/fake_task.ts";

const NOWHERE = 0x7fff_0000;

/** A result as the errno it stands for. */
function failure(result: number): Errno | undefined {
  return Errno.of(-result);
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

Deno.test("uname() fills in the host's name", () => {
  const fake = new FakeTask();
  const at = fake.memory.place(390);
  assertEquals(fake.call(63, at), 0);
  const { sysname, nodename, release, machine, domainname } = newUtsname.read(fake.memory.view(at), 0);
  assertEquals([sysname, nodename, release, machine, domainname], [
    "Linux",
    "box",
    "6.1.0-atratus",
    "x86_64",
    "(none)",
  ]);
  assertEquals(fake.call(135, 8), 0); // PER_LINUX32
  fake.call(63, at);
  assertEquals(newUtsname.read(fake.memory.view(at), 0).machine, "i686");
  assert(failure(fake.call(63, NOWHERE)) === EFAULT);
});

Deno.test("sysinfo() scales sizes that a 32-bit word cannot hold", () => {
  const wide = new FakeTask(X86_64), narrow = new FakeTask(I386);
  const a = wide.memory.place(112), b = narrow.memory.place(64);
  assertEquals([wide.call(99, a), narrow.call(116, b)], [0, 0]);
  const one = sysinfo.x86_64.read(wide.memory.view(a), 0),
    other = sysinfo.i386.read(narrow.memory.view(b), 0);
  assertEquals([one.totalram, one.mem_unit, one.procs, one.uptime], [2 ** 33, 1, 1, 5]);
  assertEquals([other.totalram, other.mem_unit], [2 ** 21, 4096]);
});

Deno.test("clock_gettime() has the widths of the ABI", () => {
  const fake = new FakeTask(I386);
  const at = fake.memory.place(16);
  assertEquals(fake.call(265, 0, at), 0);
  assertEquals(timespec.i386.read(fake.memory.view(at), 0), { tv_sec: 1_700_000_000, tv_nsec: 123_456_789 });
  fake.clock.epoch = { tv_sec: 2 ** 32 + 5, tv_nsec: 6 };
  assertEquals(fake.call(403, 0, at), 0); // clock_gettime64
  assertEquals(timespec64.read(fake.memory.view(at), 0), { tv_sec: 2 ** 32 + 5, tv_nsec: 6 });
  const own = (~fake.task.pid << 3) | 2; // MAKE_PROCESS_CPUCLOCK(pid, CPUCLOCK_SCHED)
  assertEquals(fake.call(265, own, at), 0);
  assertEquals(timespec.i386.read(fake.memory.view(at), 0).tv_nsec, 14_750_000);
  assert(failure(fake.call(265, (~77 << 3) | 2, at)) === EINVAL);
  assert(failure(fake.call(265, 99, at)) === EINVAL);
  assert(failure(fake.call(264, 0, at)) === EPERM); // clock_settime
});

Deno.test("time(), times() and gettimeofday()", () => {
  const fake = new FakeTask();
  const at = fake.memory.place(32);
  assertEquals(fake.call(201, at), 1_700_000_000);
  assertEquals(fake.memory.view(at).getUint32(0, true), 1_700_000_000);
  assertEquals(fake.call(100, at), 500);
  assertEquals(fake.memory.view(at).getUint32(0, true), 1); // 12.5 ms are one tick
  assertEquals(fake.call(96, at, 0), 0);
  assertEquals(fake.memory.view(at).getUint32(8, true), 123_456);
});

Deno.test("nanosleep() tells what was left when a signal ends it", async () => {
  const fake = new FakeTask();
  const request = fake.memory.place(timespec64.encode({ tv_sec: 2 })), left = fake.memory.place(16);
  fake.call(35, request, left);
  fake.clock.milliseconds += 500;
  fake.task.signals.actions.set(10, { handler: MEMORY, flags: SA_RESTORER, restorer: MEMORY, mask: 0n });
  fake.registers.set(RSP, MEMORY + 0x3_0000);
  sendSignal(fake.task, 10, { code: "SI_USER", pid: 1, uid: 0 });
  await turn();
  assertEquals([fake.registers.get(RIP), fake.registers.get(RDI)], [MEMORY, 10]);
  const frame = rtSigframe64.read(fake.memory.view(fake.registers.get(RSP)), 0);
  assertEquals(frame.uc.uc_mcontext.rax, 2n ** 64n - 4n);
  assertEquals(timespec64.read(fake.memory.view(left), 0), { tv_sec: 1, tv_nsec: 500_000_000 });
  for (const bad of [{ tv_nsec: 1e9 }, { tv_nsec: -1 }, { tv_sec: -1 }]) {
    assert(failure(fake.call(35, fake.memory.place(timespec64.encode(bad)), 0)) === EINVAL);
  }
  assertEquals(fake.call(35, fake.memory.place(16), 0), 0);
});

Deno.test("ids: root may become anyone, and then nothing else", () => {
  const fake = new FakeTask();
  const at = fake.memory.place(16);
  assertEquals(fake.call(117, 1000, 1001, 1002), 0);
  assertEquals([fake.call(102), fake.call(107)], [1000, 1001]);
  fake.call(118, at, at + 4, at + 8);
  assertEquals([0, 4, 8].map((i) => fake.memory.view(at).getUint32(i, true)), [1000, 1001, 1002]);
  assert(failure(fake.call(105, 0)) === EPERM); // setuid
  assertEquals(fake.call(113, -1, 1002), 0); // setreuid to the saved id
  assertEquals(fake.task.credentials.user, { real: 1000, effective: 1002, saved: 1002, filesystem: 1002 });
  assertEquals(fake.call(122, 5), 1002); // setfsuid tells the old one
  assertEquals(fake.task.credentials.fsuid, 1002);
  assert(failure(fake.call(116, 0, 0)) === EPERM); // setgroups
});

Deno.test("16-bit ids of i386 overflow to 65534 and keep -1", () => {
  const fake = new FakeTask(I386);
  fake.task.credentials = Credentials.of(70_000, 5);
  assertEquals([fake.call(24), fake.call(199), fake.call(47)], [65534, 70_000, 5]);
  fake.task.credentials = Credentials.of(0, 0);
  assertEquals(fake.call(164, 0xffff, 7, 0xffff), 0); // setresuid(-1, 7, -1)
  assertEquals(fake.task.credentials.user, { real: 0, effective: 7, saved: 0, filesystem: 7 });
});

Deno.test("groups are stored sorted and counted", () => {
  const fake = new FakeTask();
  const list = fake.memory.place(new Uint8Array(Uint32Array.of(30, 10, 20).buffer));
  assertEquals(fake.call(116, 3, list), 0);
  assertEquals(fake.call(115, 0, 0), 3);
  assert(failure(fake.call(115, 2, list)) === EINVAL);
  assertEquals(fake.call(115, 3, list), 3);
  assertEquals([0, 4, 8].map((i) => fake.memory.view(list).getUint32(i, true)), [10, 20, 30]);
});

Deno.test("limits: infinity is all ones in the width of the call", () => {
  const fake = new FakeTask(I386);
  const at = fake.memory.place(16);
  assertEquals(fake.call(191, 3, at), 0);
  assertEquals(rlimit.i386.read(fake.memory.view(at), 0), { rlim_cur: 8 << 20, rlim_max: Infinity });
  assertEquals(fake.memory.view(at).getUint32(4, true), 0xffff_ffff);
  assertEquals(fake.call(76, 3, at), 0); // the old getrlimit
  assertEquals(fake.memory.view(at).getUint32(4, true), 0x7fff_ffff);
  assertEquals(fake.call(340, 0, 3, 0, at), 0);
  assertEquals(rlimit64.read(fake.memory.view(at), 0), { rlim_cur: 8 << 20, rlim_max: Infinity });
  assert(failure(fake.call(191, 16, at)) === EINVAL);
  assert(failure(fake.call(340, 4242, 3, 0, at)) === ESRCH);
});

Deno.test("limits: soft up to hard, hard only down without privilege", () => {
  const fake = new FakeTask();
  const set = (cur: number, max: number) =>
    fake.call(160, 7, fake.memory.place(rlimit.x86_64.encode({ rlim_cur: cur, rlim_max: max })));
  assert(failure(set(20, 10)) === EINVAL);
  fake.task.credentials = Credentials.of(1000, 1000);
  assertEquals(set(100, 200), 0);
  assertEquals(fake.task.limits.get(7), { cur: 100, max: 200 });
  assertEquals(fake.task.files.limit, 100);
  assert(failure(set(100, 201)) === EPERM);
});

Deno.test("getrandom() fills memory across its steps", () => {
  const fake = new FakeTask();
  const at = fake.memory.place(150_000);
  assertEquals(fake.call(318, at, 150_000, 0), 150_000);
  const bytes = fake.memory.span(at, 150_000, false);
  for (const part of [0, 65_536, 131_072]) {
    assert(new Set(bytes.subarray(part, part + 4096)).size > 200, String(part));
  }
  assert(failure(fake.call(318, at, 8, 8)) === EINVAL);
  assert(failure(fake.call(318, at, 8, 6)) === EINVAL);
  assert(failure(fake.call(318, NOWHERE, 8, 0)) === EFAULT);
});

Deno.test("processes: groups and sessions", () => {
  const fake = new FakeTask();
  assertEquals([fake.call(39), fake.call(186), fake.call(110)], [1, 1, 0]);
  assertEquals([fake.call(111), fake.call(121, 0), fake.call(124, 1)], [1, 1, 1]);
  assert(failure(fake.call(121, 77)) === ESRCH);
  assert(failure(fake.call(112)) === EPERM); // setsid of a group's leader
  assertEquals(fake.call(218, 0x5000), 1);
  assertEquals(fake.task.clearChildTid, 0x5000);
  assertEquals(fake.call(273, 0x6000, 24), 0);
  assert(failure(fake.call(273, 0x6000, 12)) === EINVAL);
});

Deno.test("prctl() keeps a name of 15 bytes", () => {
  const fake = new FakeTask();
  const at = fake.memory.place(16);
  assertEquals(fake.call(157, 15, fake.memory.place("a name that is too long")), 0);
  assertEquals(fake.task.comm, "a name that is ");
  assertEquals(fake.call(157, 16, at), 0);
  assertEquals(fake.memory.view(at).getUint8(15), 0);
  assertEquals([fake.call(157, 3), fake.call(157, 4, 0), fake.call(157, 3)], [1, 0, 0]);
  assert(failure(fake.call(157, 9999)) === EINVAL);
});

Deno.test("scheduling: every processor, and policies that are remembered", () => {
  const fake = new FakeTask();
  const at = fake.memory.place(16);
  assertEquals(fake.call(204, 0, 16, at), 8);
  assertEquals(fake.memory.view(at).getUint8(0), 0b111);
  assert(failure(fake.call(204, 0, 4, at)) === EINVAL);
  const param = fake.memory.place(new Uint8Array([1, 0, 0, 0]));
  assert(failure(fake.call(144, 0, 0, param)) === EINVAL); // SCHED_OTHER has no priority but 0
  assertEquals([fake.call(146, 1), fake.call(147, 1), fake.call(145, 0)], [99, 1, 0]);
  assertEquals([fake.call(144, 0, 1, param), fake.call(145, 0)], [0, 1]);
});

Deno.test("signals: actions, masks and stacks come back as they were given", () => {
  for (const fake of [new FakeTask(X86_64), new FakeTask(I386)]) {
    const [rtSigaction, rtSigprocmask, altstack] = fake.abi.bits === 64 ? [13, 14, 131] : [174, 175, 186];
    const layout = sigaction[fake.abi.name];
    const action = {
      sa_handler: 0x1234,
      sa_flags: 0x1000_0000,
      sa_restorer: 0x99,
      sa_mask: 0x8000_0000_0000_0003n,
    };
    const given = fake.memory.place(layout.encode(action)), old = fake.memory.place(layout.size);
    assertEquals(fake.call(rtSigaction!, 10, given, old, 8), 0);
    assertEquals(layout.read(fake.memory.view(old), 0).sa_handler, 0);
    assertEquals(fake.call(rtSigaction!, 10, 0, old, 8), 0);
    assertEquals(layout.read(fake.memory.view(old), 0), action);
    assert(failure(fake.call(rtSigaction!, 9, given, 0, 8)) === EINVAL);
    assert(failure(fake.call(rtSigaction!, 65, 0, old, 8)) === EINVAL);
    assert(failure(fake.call(rtSigaction!, 10, 0, old, 4)) === EINVAL);

    const set = fake.memory.place(new Uint8Array(8).fill(255));
    assertEquals(fake.call(rtSigprocmask!, 2, set, 0, 8), 0);
    assertEquals(fake.call(rtSigprocmask!, 0, 0, set, 8), 0);
    assertEquals(fake.memory.view(set).getBigUint64(0, true), 0xffff_ffff_fffb_feffn); // not KILL, not STOP

    const stack = sigaltstack[fake.abi.name];
    const wanted = { ss_sp: 0x10_0000, ss_flags: 0, ss_size: 8192 };
    assertEquals(fake.call(altstack!, fake.memory.place(stack.encode(wanted)), 0), 0);
    assertEquals(fake.call(altstack!, 0, old), 0);
    assertEquals(stack.read(fake.memory.view(old), 0), wanted);
    const small = fake.memory.place(stack.encode({ ...wanted, ss_size: 100 }));
    assertEquals(fake.call(altstack!, small, 0), -12);
  }
});

Deno.test("signals: default actions, ignored and blocked ones", () => {
  const fake = new FakeTask();
  assertEquals(fake.call(62, 1, 0), 0);
  assertEquals(fake.call(62, 1, 17), 0); // SIGCHLD is ignored by default
  assertEquals(fake.call(62, 1, 18), 0); // and SIGCONT has nothing to continue
  assert(failure(fake.call(62, 1, 65)) === EINVAL);
  assert(failure(fake.call(62, 99, 15)) === ESRCH);
  const mask = fake.memory.place(new Uint8Array(BigUint64Array.of(1n << 14n).buffer));
  fake.call(14, 0, mask, 0, 8);
  assertEquals(fake.call(62, 1, 15), 0);
  assert(!fake.task.exited);
  const set = fake.memory.place(8);
  assertEquals(fake.call(127, set, 8), 0);
  assertEquals(fake.memory.view(set).getBigUint64(0, true), 1n << 14n);
  fake.call(14, 1, mask, 0, 8); // unblocking delivers
  assert(fake.task.exited);
});

Deno.test("futex() waits for the word, and wakes in order", async () => {
  const fake = new FakeTask();
  const word = fake.memory.place(new Uint8Array([7, 0, 0, 0]));
  assert(failure(fake.call(202, word, 0x80, 6, 0)) === EAGAIN);
  assert(failure(fake.call(202, word + 1, 0x80, 7, 0)) === EINVAL);
  assert(failure(fake.call(202, NOWHERE, 0x80, 7, 0)) === EFAULT);
  assertEquals(fake.call(202, word, 0x81, 1), 0);
  fake.resumed.length = 0;
  fake.call(202, word, 0x80, 7, 0);
  assertEquals(fake.resumed.length, 0);
  assertEquals(fake.kernel.futexes.wake(fake.task.mm, word + 4, 1), 0);
  assertEquals(fake.kernel.futexes.wake(fake.task.mm, word, 5), 1);
  await turn();
  assertEquals([fake.resumed.length, fake.result], [1, 0]);
});

Deno.test("futex() times out", async () => {
  const fake = new FakeTask();
  const word = fake.memory.place(new Uint8Array(4));
  fake.call(202, word, 0x80, 0, fake.memory.place(timespec64.encode({ tv_nsec: 1_000_000 })));
  fake.clock.milliseconds += 2;
  fake.kernel.timers.fireDue(fake.clock.milliseconds);
  await turn();
  assert(failure(fake.result) === ETIMEDOUT);
  assertEquals(fake.kernel.futexes.wake(fake.task.mm, word, 1), 0);
});

Deno.test("futex() requeues and compares", async () => {
  const fake = new FakeTask();
  const from = fake.memory.place(new Uint8Array(4)), to = fake.memory.place(new Uint8Array(4));
  const { futexes } = fake.kernel;
  fake.load(202, []);
  fake.call(202, from, 0, 0, 0);
  assertEquals(futexes.requeue(fake.task.mm, from, to, 9), 1);
  assertEquals(futexes.wake(fake.task.mm, from, 1), 0);
  assertEquals(futexes.wake(fake.task.mm, to, 1, 2), 1);
  await turn();
  assertEquals(fake.result, 0);
  assert(failure(fake.call(202, from, 4, 1, 1, to, 5)) === EAGAIN);
  // FUTEX_OP(ADD, 3, CMP_EQ, 0): the second word becomes 3
  assertEquals(fake.call(202, from, 5, 1, 1, to, (1 << 28) | (3 << 12)), 0);
  assertEquals(fake.memory.view(to).getUint32(0, true), 3);
});
