/** Struct layouts against the C compiler's, for both ABIs. Skipped where gcc cannot build for the ABI. */
import { assert, assertEquals } from "../testing/assert.ts";
import type { Abi } from "./abi.ts";
import { I386, X86_64 } from "./abi.ts";
import { dirent64 } from "./dirent.ts";
import { flock32, flock64, flock64Bit } from "./fcntl.ts";
import { robustListHead } from "./futex.ts";
import type { Struct } from "./layout.ts";
import { rlimit, rlimit64, rusage } from "./resource.ts";
import { schedParam } from "./sched.ts";
import { oldSigaction, sigaction, sigaltstack } from "./signal.ts";
import { oldStatI386, stat64I386, statI386, statx, statX64 } from "./stat.ts";
import { statfs64I386, statfsI386, statfsX64 } from "./statfs.ts";
import { sysinfo } from "./sysinfo.ts";
import { termios, winsize } from "./termios.ts";
import { itimerval, timespec, timespec64, timeval, timezone, tms } from "./time.ts";
import { iovec } from "./uio.ts";
import { newUtsname, oldoldUtsname, oldUtsname } from "./utsname.ts";

type AnyStruct = Pick<Struct<unknown>, "name" | "size"> & {
  readonly offset: Readonly<Record<string, number>>;
};

/** C type and our layout of it. */
function structsOf(abi: Abi): readonly (readonly [string, AnyStruct])[] {
  const name = abi.name;
  const both: (readonly [string, AnyStruct])[] = [
    [abi.bits === 64 ? "struct timespec" : "struct old_timespec32", timespec[name]],
    ["struct __kernel_timespec", timespec64],
    ["struct __kernel_old_timeval", timeval[name]],
    ["struct timezone", timezone],
    ["struct itimerval", itimerval[name]],
    ["struct tms", tms[name]],
    ["struct rlimit64", rlimit64],
    ["struct rlimit", rlimit[name]],
    ["struct rusage", rusage[name]],
    ["struct new_utsname", newUtsname],
    ["struct old_utsname", oldUtsname],
    ["struct oldold_utsname", oldoldUtsname],
    ["struct sysinfo", sysinfo[name]],
    ["struct kernel_sigaction", sigaction[name]],
    ["stack_t", sigaltstack[name]],
    ["struct sched_param", schedParam],
    ["struct robust_list_head", robustListHead[name]],
    ["struct iovec", iovec[name]],
    ["struct kernel_termios", termios],
    ["struct winsize", winsize],
    ["struct statx", statx],
    ["struct linux_dirent64", dirent64],
  ];
  return abi.bits === 64
    ? [...both, ["struct stat", statX64], ["struct statfs", statfsX64], ["struct flock", flock64Bit]]
    : [
      ...both,
      ["struct old_sigaction", oldSigaction],
      ["struct stat", statI386],
      ["struct stat64", stat64I386],
      ["struct __old_kernel_stat", oldStatI386],
      ["struct statfs", statfsI386],
      ["struct statfs64", statfs64I386],
      ["struct flock", flock32],
      ["struct flock64", flock64],
    ];
}

const PRELUDE = `
#include <stdio.h>
#include <stddef.h>
#include <linux/types.h>
#include <linux/time_types.h>
#include <asm/posix_types.h>
#include <asm/stat.h>
#include <asm/statfs.h>
#include <linux/stat.h>
#include <linux/utsname.h>
#include <linux/futex.h>
#include <linux/uio.h>
#include <linux/sysinfo.h>
#include <linux/times.h>
#include <asm/termbits.h>
#include <asm/ioctls.h>
#include <linux/fcntl.h>
struct old_timespec32 { __s32 tv_sec, tv_nsec; };
#include <linux/resource.h>
struct kernel_sigaction { void *sa_handler; unsigned long sa_flags; void *sa_restorer;
  struct { unsigned long sig[8 / sizeof(long)]; } sa_mask; };
struct old_sigaction { void *sa_handler; unsigned sa_mask; unsigned long sa_flags; void *sa_restorer; };
typedef struct { void *ss_sp; int ss_flags; __kernel_size_t ss_size; } stack_t;
struct sched_param { int sched_priority; };
struct kernel_termios { tcflag_t c_iflag, c_oflag, c_cflag, c_lflag; cc_t c_line; cc_t c_cc[NCCS]; };
struct winsize { unsigned short ws_row, ws_col, ws_xpixel, ws_ypixel; };
struct linux_dirent64 { __u64 d_ino; __s64 d_off; unsigned short d_reclen; unsigned char d_type; char d_name[]; };
`;

/** The C name of our field. */
function member(field: string): string {
  return field === "st_ino_low" ? "__st_ino" : field;
}

for (const abi of [X86_64, I386]) {
  const available = await canCompile(abi);
  Deno.test({ name: `layouts of ${abi.name} are gcc's`, ignore: !available }, async () => {
    const structs = structsOf(abi);
    const lines = structs.flatMap(([type, layout]) => [
      `printf("%zu\\n", sizeof(${type}));`,
      ...fieldsOf(layout).map((field) => `printf("%zu\\n", offsetof(${type}, ${member(field)}));`),
    ]);
    const printed = await run(abi, `${PRELUDE}\nint main(void) {\n${lines.join("\n")}\nreturn 0; }`);
    const numbers = printed.trim().split("\n").map(Number);
    for (const [type, layout] of structs) {
      const size = numbers.shift();
      // The records of getdents end with a name, whose place is before the padding of the struct.
      if (layout !== dirent64) assertEquals(layout.size, size, `sizeof ${type}`);
      for (const field of fieldsOf(layout)) {
        assertEquals(layout.offset[field], numbers.shift(), `offset of ${type}.${field}`);
      }
    }
    assertEquals(numbers.length, 0);
  });
}

function fieldsOf(layout: AnyStruct): string[] {
  return Object.keys(layout.offset).filter((field) => !/^_(pad|spare|unused|reserved|f)/.test(field));
}

async function canCompile(abi: Abi): Promise<boolean> {
  if (Deno.build.os !== "linux") return false;
  try {
    return await run(abi, "int main(void) { return 0; }") === "";
  } catch {
    return false;
  }
}

async function run(abi: Abi, source: string): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/t.c`, source);
    const args = [`-m${abi.bits}`, "-w", "-static", "-o", `${folder}/t`, `${folder}/t.c`];
    const built = await new Deno.Command("gcc", { args, stderr: "piped" }).output();
    assert(built.success, new TextDecoder().decode(built.stderr));
    const done = await new Deno.Command(`${folder}/t`, { stdout: "piped" }).output();
    assert(done.success);
    return new TextDecoder().decode(done.stdout);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
