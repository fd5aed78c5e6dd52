/** What the user is told of a program that died of a fault: registers, the code there, and the memory map. */
import { type RegisterFile, REGISTERS, RIP, RSP } from "./abi/registers.ts";
import { type Fault, PROT_EXEC, PROT_READ, PROT_WRITE } from "./host.ts";
import { signalName } from "./signal/numbers.ts";
import type { Task } from "./task/task.ts";
import type { Vma } from "./mm/vma.ts";

const NAMES_64 = "rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15 rip rflags".split(" ");
const NAMES_32 = "eax ecx edx ebx esp ebp esi edi - - - - - - - - eip eflags".split(" ");
const CODE_BYTES = 16;
const STACK_WORDS = 8;

/** Lines for stderr. The task's registers are those of the fault. */
export function crashReport(task: Task, signal: number, fault: Fault): string[] {
  const { registers } = task.thread;
  return [
    `atratus: ${task.executable} (pid ${task.pid}) was ended by ${signalName(signal)}: ${explain(fault)}`,
    ...registerLines(task, registers),
    `  code at ${hex(registers.get(RIP))}: ${codeBytes(task, registers.get(RIP))}`,
    `  stack at ${hex(registers.get(RSP))}: ${stackWords(task, registers.get(RSP))}`,
    "  memory:",
    ...[...task.mm.vmas].map((area) => "    " + mapLine(task, area)),
  ];
}

function explain(fault: Fault): string {
  const at = hex(fault.address);
  if (fault.kind === "access-violation") {
    if (fault.access === "execute") return `it jumped to ${at}, which holds no code`;
    return `it could not ${fault.access ?? "use"} memory at ${at}`;
  }
  return `${fault.kind.replaceAll("-", " ")} at ${at}`;
}

function registerLines(task: Task, registers: RegisterFile): string[] {
  const names = task.abi.bits === 64 ? NAMES_64 : NAMES_32;
  const digits = task.abi.bits / 4;
  const shown = names.flatMap((name, i) =>
    name === "-"
      ? []
      : [`${name.padStart(6)} ${registers.getBig(REGISTERS[i]!).toString(16).padStart(digits, "0")}`]
  );
  const lines: string[] = [];
  for (let i = 0; i < shown.length; i += 4) lines.push(`  ${shown.slice(i, i + 4).join("  ")}`);
  return lines;
}

function codeBytes(task: Task, address: number): string {
  const bytes = task.mm.peek(address, CODE_BYTES);
  if (bytes === undefined) return "not mapped";
  return [...task.mm.code.unpatch(address, bytes)].map((b) => b.toString(16).padStart(2, "0")).join(" ");
}

function stackWords(task: Task, address: number): string {
  const { word } = task.abi;
  const bytes = task.mm.peek(address, STACK_WORDS * word);
  if (bytes === undefined) return "not mapped";
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const words: string[] = [];
  for (let at = 0; at + word <= bytes.length; at += word) {
    words.push((word === 8 ? view.getBigUint64(at, true) : view.getUint32(at, true)).toString(16));
  }
  return words.join(" ");
}

/** A line of /proc/self/maps. */
export function mapLine(task: Task, area: Vma): string {
  const digits = task.abi.bits === 64 ? 12 : 8;
  const address = (value: number) => value.toString(16).padStart(digits, "0");
  const prot = (area.prot & PROT_READ ? "r" : "-") + (area.prot & PROT_WRITE ? "w" : "-") +
    (area.prot & PROT_EXEC ? "x" : "-") + (area.shared ? "s" : "p");
  const offset = (area.file?.offset ?? 0).toString(16).padStart(8, "0");
  const name = area.file?.path ?? area.name;
  return `${address(area.start)}-${address(area.end)} ${prot} ${offset} 00:00 0 ${name}`.trimEnd();
}

function hex(value: number): string {
  return "0x" + (value < 0 ? BigInt.asUintN(64, BigInt(value)) : value).toString(16);
}
