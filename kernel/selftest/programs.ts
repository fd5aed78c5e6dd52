/** The programs of the self-test, as machine code; the assembly text is beside it. */
import type { Bits } from "../host.ts";
import { dataAddress, tinyElf } from "./tiny_elf.ts";

const MACHINE: Readonly<Record<Bits, string>> = { 32: "i386", 64: "x86-64" };

/** What `helloProgram` writes, twice when it makes system calls in between. */
export function helloText(bits: Bits): string {
  return `hello from ${MACHINE[bits]}\n`;
}

/** Writes its text; with `rounds` it then calls getppid as often and writes again. Ends with status 0. */
export function helloProgram(bits: Bits, rounds = 0): Uint8Array {
  const text = new TextEncoder().encode(helloText(bits));
  const code = bits === 64 ? hello64(text.length, rounds) : hello32(text.length, rounds);
  return tinyElf(bits, new Uint8Array(code), text);
}

function hello64(length: number, rounds: number): number[] {
  const write = [
    ...[0xb8, ...le(1), 0xbf, ...le(1)], //            mov $1, %eax; mov $1, %edi
    ...[0xbe, ...le(dataAddress(64))], //              mov $text, %esi
    ...[0xba, ...le(length), 0x0f, 0x05], //           mov $length, %edx; syscall
  ];
  const getppid = [0xb8, ...le(110), 0x0f, 0x05]; //   mov $110, %eax; syscall
  const end = [0xb8, ...le(60), 0x31, 0xff, 0x0f, 0x05]; // mov $60, %eax; xor %edi, %edi; syscall
  if (rounds === 0) return [...write, ...end];
  return [...write, 0xbb, ...le(rounds), ...loop(getppid, [0xff, 0xcb]), ...write, ...end]; // mov $rounds, %ebx
}

function hello32(length: number, rounds: number): number[] {
  const write = [
    ...[0xb8, ...le(4), 0xbb, ...le(1)], //            mov $4, %eax; mov $1, %ebx
    ...[0xb9, ...le(dataAddress(32))], //              mov $text, %ecx
    ...[0xba, ...le(length), 0xcd, 0x80], //           mov $length, %edx; int $0x80
  ];
  const getppid = [0xb8, ...le(64), 0xcd, 0x80]; //    mov $64, %eax; int $0x80
  const end = [0xb8, ...le(1), 0x31, 0xdb, 0xcd, 0x80]; // mov $1, %eax; xor %ebx, %ebx; int $0x80
  if (rounds === 0) return [...write, ...end];
  return [...write, 0xbe, ...le(rounds), ...loop(getppid, [0x4e]), ...write, ...end]; // mov $rounds, %esi
}

const MAGIC = 0x600d_c0de;
/** Offsets in the data of `threadPointerProgram`. */
const TIMESPEC = 0, TLS = 16, USER_DESC = 32;

/**
 * Sets its thread pointer, sleeps `rounds` times for a millisecond, and each time looks whether the thread pointer
 * is still there. Ends with status 0, or 1 when it was not.
 */
export function threadPointerProgram(bits: Bits, rounds: number): Uint8Array {
  const data = new Uint8Array(48);
  const view = new DataView(data.buffer);
  view.setUint32(TIMESPEC + bits / 8, 1_000_000, true);
  view.setUint32(TLS, MAGIC, true);
  // struct user_desc: any free entry; 32-bit, limit in pages, usable
  [0xffff_ffff, dataAddress(bits) + TLS, 0xf_ffff, 0x51].forEach((word, i) =>
    view.setUint32(USER_DESC + i * 4, word, true)
  );
  return tinyElf(bits, new Uint8Array(bits === 64 ? threadPointer64(rounds) : threadPointer32(rounds)), data);
}

function threadPointer64(rounds: number): number[] {
  const exit = (status: number) => [0xb8, ...le(60), 0xbf, ...le(status), 0x0f, 0x05];
  const success = exit(0);
  const body = [
    ...[0xb8, ...le(35), 0xbf, ...le(dataAddress(64) + TIMESPEC)], // mov $35, %eax; mov $timespec, %edi
    ...[0x31, 0xf6, 0x0f, 0x05], //                     xor %esi, %esi; syscall (nanosleep)
    ...[0x64, 0x8b, 0x04, 0x25, ...le(0)], //           mov %fs:0, %eax
    ...[0x3d, ...le(MAGIC)], //                         cmp $MAGIC, %eax
    ...[0x75, 4 + success.length], //                   jne fail, behind the loop's end and the success
  ];
  return [
    ...[0xb8, ...le(158), 0xbf, ...le(0x1002)], //      mov $158, %eax; mov $ARCH_SET_FS, %edi
    ...[0xbe, ...le(dataAddress(64) + TLS), 0x0f, 0x05], // mov $tls, %esi; syscall (arch_prctl)
    ...[0xbb, ...le(rounds)], //                        mov $rounds, %ebx
    ...loop(body, [0xff, 0xcb]),
    ...success,
    ...exit(1),
  ];
}

function threadPointer32(rounds: number): number[] {
  const exit = (status: number) => [0xb8, ...le(1), 0xbb, ...le(status), 0xcd, 0x80];
  const success = exit(0);
  const userDesc = dataAddress(32) + USER_DESC;
  const body = [
    ...[0xb8, ...le(162), 0xbb, ...le(dataAddress(32) + TIMESPEC)], // mov $162, %eax; mov $timespec, %ebx
    ...[0x31, 0xc9, 0xcd, 0x80], //                     xor %ecx, %ecx; int $0x80 (nanosleep)
    ...[0x65, 0xa1, ...le(0)], //                       mov %gs:0, %eax
    ...[0x3d, ...le(MAGIC)], //                         cmp $MAGIC, %eax
    ...[0x75, 3 + success.length], //                   jne fail
  ];
  return [
    ...[0xb8, ...le(243), 0xbb, ...le(userDesc), 0xcd, 0x80], // mov $243, %eax; mov $desc, %ebx; int $0x80
    ...[0xa1, ...le(userDesc)], //                      mov desc.entry_number, %eax
    ...[0x8d, 0x04, 0xc5, ...le(3), 0x8e, 0xe8], //     lea 3(, %eax, 8), %eax; mov %eax, %gs
    ...[0xbe, ...le(rounds)], //                        mov $rounds, %esi
    ...loop(body, [0x4e]),
    ...success,
    ...exit(1),
  ];
}

/** The body, the decrement of its counter, and a jump back while that is not zero. */
function loop(body: readonly number[], decrement: readonly number[]): number[] {
  const length = body.length + decrement.length + 2;
  return [...body, ...decrement, 0x75, -length & 0xff];
}

function le(value: number): number[] {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return [...bytes];
}
