/** Text of structs in guest memory, in strace's format. */
import { Errno } from "../abi/errno.ts";
import type { Field } from "../abi/layout.ts";
import { copyIn } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";
import { signalName } from "../signal/numbers.ts";
import { type ArgType, input, output, type TracedCall, valueAt } from "./args.ts";
import { hex } from "./format.ts";

/** Reads one value at `address`, undefined when the guest could not. */
export function peek<T>(task: Task, layout: Field<T>, address: number): T | undefined {
  const raw = copyIn(task, address, layout.size);
  if (raw instanceof Errno) return undefined;
  return layout.read(new DataView(raw.buffer, raw.byteOffset, raw.byteLength), 0);
}

/** Text of a value; numbers as they are unless `formats` knows the field. `rest` ends it with `...`. */
export function structText(
  value: object,
  formats: Readonly<Record<string, (value: number) => string>> = {},
  rest = false,
): string {
  const fields = Object.entries(value).map(([name, field]) => `${name}=${fieldText(field, formats[name])}`);
  if (rest) fields.push("...");
  return `{${fields.join(", ")}}`;
}

function fieldText(value: unknown, format: ((value: number) => string) | undefined): string {
  if (typeof value === "number") return format?.(value) ?? String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.join(", ")}]`;
  return typeof value === "object" && value !== null ? structText(value) : String(value);
}

/** Picks the layout for the task that makes the call. */
export type LayoutFor<T> = (task: Task) => Field<T>;

/** The layout of the task's ABI. */
export function ofAbi<T>(layouts: Readonly<Record<"i386" | "x86_64", Field<T>>>): LayoutFor<T> {
  return (task) => layouts[task.abi.name];
}

/** One layout for both ABIs. */
export function fixed<T>(layout: Field<T>): LayoutFor<T> {
  return () => layout;
}

type Text<T> = (value: T, call: TracedCall) => string;

function pointee<T>(layout: LayoutFor<T>, text: Text<T>): (call: TracedCall, index: number) => string {
  return (call, index) => {
    const value = peek(call.task, layout(call.task), valueAt(call, index));
    return value === undefined ? hex(valueAt(call, index)) : text(value, call);
  };
}

/** A pointer to a struct the kernel reads. */
export function inStruct<T>(name: string, layout: LayoutFor<T>, text: Text<T>): ArgType {
  return input(`const ${name} *`, pointee(layout, text));
}

/** A pointer to a struct the kernel writes. */
export function outStruct<T>(name: string, layout: LayoutFor<T>, text: Text<T>): ArgType {
  return output(`${name} *`, pointee(layout, text));
}

/** `[1, 2]` of `count` values the kernel writes. */
export function outArray(
  name: string,
  layout: LayoutFor<number>,
  count: (call: TracedCall) => number,
): ArgType {
  return output(`${name} *`, (call, index) => arrayText(call, layout, valueAt(call, index), count(call)));
}

/** `[1, 2]` of `count` values the kernel reads. */
export function inArray(
  name: string,
  layout: LayoutFor<number>,
  count: (call: TracedCall) => number,
): ArgType {
  return input(
    `const ${name} *`,
    (call, index) => arrayText(call, layout, valueAt(call, index), count(call)),
  );
}

/** Elements of an array that are printed. */
const MAX_ELEMENTS = 32;

function arrayText(call: TracedCall, layout: LayoutFor<number>, address: number, count: number): string {
  const element = layout(call.task);
  const parts: string[] = [];
  for (let i = 0; i < count && i < MAX_ELEMENTS; i++) {
    const value = peek(call.task, element, address + i * element.size);
    if (value === undefined) return i === 0 ? hex(address) : `[${parts.join(", ")}, ...]`;
    parts.push(String(value));
  }
  if (count > MAX_ELEMENTS) parts.push("...");
  return `[${parts.join(", ")}]`;
}

/** `[INT TERM]`, or `~[...]` when more signals are in the set than not. */
export function sigsetText(set: bigint): string {
  const inside: string[] = [];
  const outside: string[] = [];
  for (let signal = 1; signal <= 64; signal++) {
    const name = signalName(signal).replace(/^SIG/, "");
    ((set >> BigInt(signal - 1) & 1n) === 0n ? outside : inside).push(name);
  }
  return inside.length >= MANY_SIGNALS ? `~[${outside.join(" ")}]` : `[${inside.join(" ")}]`;
}

/** From this many on, strace lists those that are missing. */
const MANY_SIGNALS = 42;
