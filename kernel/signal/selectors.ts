/**
 * Moves to and from %fs and %gs that have no trampoline. The real selectors are the host's; a guest has values of its
 * own, which it can only load and read back: what a selector means was said to set_thread_area(2) or arch_prctl(2).
 */
import { Errno } from "../abi/errno.ts";
import { BY_ENCODING, RIP, RSP } from "../abi/registers.ts";
import type { UserPtr } from "../abi/types.ts";
import { copyIn, copyOut } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";

/** Null selectors (with any privilege bits), and the three TLS entries of either kernel (asm/segment.h). */
const VALID = new Set([0, 1, 2, 3, 0x33, 0x3b, 0x43, 0x63, 0x6b, 0x73]);
const FS = 4;
const GS = 5;

/** Does the instruction; false when Linux would send SIGSEGV, or for a form no compiler writes. */
export function emulateSelector(task: Task, code: Uint8Array): boolean {
  const at = skipPrefixes(code);
  const wide = code.subarray(0, at.opcode).includes(0x66) ? 2 : task.abi.word;
  const opcode = code[at.opcode];
  if (opcode === 0x0f) return emulatePushPop(task, code[at.opcode + 1]!, wide);
  if (opcode !== 0x8c && opcode !== 0x8e) return false;
  const modrm = code[at.opcode + 1]!;
  const segment = modrm >> 3 & 7;
  if (segment !== FS && segment !== GS) return false;
  if (modrm >> 6 === 3) return moveRegister(task, opcode, segment, modrm & 7 | at.rexB, at.rexW ? 8 : wide);
  const address = memoryOperand(task, code, at);
  return address !== undefined && moveMemory(task, opcode, segment, address);
}

interface Prefixes {
  readonly opcode: number;
  readonly rexB: number;
  readonly rexX: number;
  readonly rexW: boolean;
}

function skipPrefixes(code: Uint8Array): Prefixes {
  let at = 0;
  while (code[at] === 0x66 || code[at] === 0xf2 || code[at] === 0xf3) at++;
  const byte = code[at]!;
  const rex = (byte & 0xf0) === 0x40 ? byte : 0;
  return { opcode: rex ? at + 1 : at, rexB: (rex & 1) << 3, rexX: (rex & 2) << 2, rexW: (rex & 8) !== 0 };
}

function read(task: Task, segment: number): number {
  return task.thread.segments.selector(segment === FS ? "fs" : "gs");
}

function load(task: Task, segment: number, value: number): boolean {
  if (!VALID.has(value)) return false;
  task.thread.segments.setSelector(segment === FS ? "fs" : "gs", value);
  return true;
}

function moveRegister(task: Task, opcode: number, segment: number, register: number, size: number): boolean {
  const { registers } = task.thread;
  const slot = BY_ENCODING[register]!;
  if (opcode === 0x8e) return load(task, segment, registers.lo(slot) & 0xffff);
  const value = read(task, segment);
  if (size === 2) registers.setWords(slot, registers.lo(slot) & 0xffff_0000 | value, registers.hi(slot));
  else registers.set(slot, value);
  return true;
}

function moveMemory(task: Task, opcode: number, segment: number, address: UserPtr): boolean {
  if (opcode === 0x8c) return copyOut(task, address, word(read(task, segment), 2)) === 0;
  const raw = copyIn(task, address, 2);
  return !(raw instanceof Errno) && load(task, segment, raw[0]! | raw[1]! << 8);
}

/** 0f a0, 0f a1: push and pop %fs; 0f a8, 0f a9: %gs. */
function emulatePushPop(task: Task, opcode: number, size: number): boolean {
  const segment = opcode < 0xa8 ? FS : GS;
  const { registers } = task.thread;
  const stack = registers.get(RSP);
  if ((opcode & 1) === 0) {
    registers.set(RSP, stack - size);
    return copyOut(task, stack - size, word(read(task, segment), size)) === 0;
  }
  const raw = copyIn(task, stack, 2);
  if (raw instanceof Errno || !load(task, segment, raw[0]! | raw[1]! << 8)) return false;
  registers.set(RSP, stack + size);
  return true;
}

/** The address of a ModRM memory operand (Intel SDM 2A, tables 2-2 and 2-3). */
function memoryOperand(task: Task, code: Uint8Array, at: Prefixes): number | undefined {
  const { registers } = task.thread;
  const view = new DataView(code.buffer, code.byteOffset, code.length);
  const modrm = code[at.opcode + 1]!;
  const mode = modrm >> 6;
  let next = at.opcode + 2;
  let base = modrm & 7;
  let address = 0;
  if (base === 4) {
    const sib = code[next++]!;
    base = sib & 7;
    const index = sib >> 3 & 7 | at.rexX;
    if (index !== 4) address += registers.get(BY_ENCODING[index]!) * (1 << (sib >> 6));
    if (base === 5 && mode === 0) return wrap(task, address + view.getInt32(next, true));
  } else if (base === 5 && mode === 0) {
    const displacement = view.getInt32(next, true);
    return wrap(task, task.abi.bits === 64 ? registers.get(RIP) + code.length + displacement : displacement);
  }
  address += registers.get(BY_ENCODING[base | at.rexB]!);
  if (mode === 1) address += view.getInt8(next);
  if (mode === 2) address += view.getInt32(next, true);
  return wrap(task, address);
}

function wrap(task: Task, address: number): number {
  return task.abi.bits === 32 ? address >>> 0 : address;
}

function word(value: number, size: number): Uint8Array {
  const out = new Uint8Array(size);
  out[0] = value;
  out[1] = value >> 8;
  return out;
}
