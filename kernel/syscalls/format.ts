/** Text for `--trace`, in strace's format: numbers, symbolic flags, strings. */
import { copyIn, copyInString, type UserSpace } from "../mm/user_memory.ts";
import { Errno } from "../abi/errno.ts";

/** Bytes of a string that are printed (strace -s). */
export const MAX_STRING = 32;
/** Longest path, NUL included (PATH_MAX). */
const PATH_MAX = 4096;
const TWO_64 = 2 ** 64;

interface HasSpace {
  readonly mm: UserSpace;
}

export function hex(value: number): string {
  if (value === 0) return "0";
  return `0x${wide(value < 0 ? value + TWO_64 : value).toString(16)}`;
}

/** Decimal, exact also for (size_t)-1, which a double cannot hold. */
export function signed(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : wide(value).toString();
}

function wide(value: number): bigint {
  return value >= TWO_64 ? 0xffff_ffff_ffff_ffffn : BigInt(value);
}

/** Names of single values: an enum. They are put together when somebody asks, which only `--trace` does. */
export class Names {
  readonly #make: () => Iterable<readonly [number, string]>;
  #known: ReadonlyMap<number, string> | undefined;

  constructor(make: () => Iterable<readonly [number, string]>) {
    this.#make = make;
  }

  get(value: number): string | undefined {
    return this.#names.get(value);
  }

  has(value: number): boolean {
    return this.#names.has(value);
  }

  [Symbol.iterator](): IterableIterator<[number, string]> {
    return this.#names[Symbol.iterator]();
  }

  get #names(): ReadonlyMap<number, string> {
    return this.#known ??= new Map(this.#make());
  }
}

/** Makes the reverse map of constants given as `{ SEEK_SET, SEEK_CUR }`; of equal values the first wins. */
export function namesOf(constants: Readonly<Record<string, number>>): Names {
  return new Names(() => reversed(constants));
}

function reversed(constants: Readonly<Record<string, number>>): Map<number, string> {
  const names = new Map<number, string>();
  for (const [name, value] of Object.entries(constants)) if (!names.has(value)) names.set(value, name);
  return names;
}

/** strace's word for a value without a name: `SEEK_???`, `?_OK`. */
function unknown(what: string): string {
  return what.startsWith("?") ? what : `${what}_???`;
}

/** The name of `value`; a number in hexadecimal with `what` as a comment when it has none. */
export function enumText(names: Names, value: number, what: string): string {
  return names.get(value) ?? `${hex(value >>> 0)} /* ${unknown(what)} */`;
}

/**
 * `A|B|0x1000`: names of the bits set, in the order of `names`; a name of several bits stands before its parts.
 * Without any known bit the number, with `what` as a comment; "0" (or the name of zero) for none.
 */
export function flagsText(names: Names, value: number, what: string): string {
  let rest = value >>> 0;
  if (rest === 0) return names.get(0) ?? "0";
  const parts: string[] = [];
  for (const [bits, name] of names) {
    if (bits === 0 || ((rest & bits) >>> 0) !== (bits >>> 0)) continue;
    parts.push(name);
    rest = (rest & ~bits) >>> 0;
  }
  if (parts.length === 0) return `${hex(value >>> 0)} /* ${unknown(what)} */`;
  if (rest !== 0) parts.push(hex(rest));
  return parts.join("|");
}

/** C string literal; octal escapes as short as the next character allows. */
export function quote(bytes: Uint8Array): string {
  let text = '"';
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    const escape = ESCAPES.get(byte);
    if (escape !== undefined) text += escape;
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
    else {
      const next = bytes[i + 1] ?? 0;
      const digitFollows = next >= 0x30 && next <= 0x39;
      text += `\\${digitFollows ? byte.toString(8).padStart(3, "0") : byte.toString(8)}`;
    }
  }
  return `${text}"`;
}

const ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x22, '\\"'],
  [0x5c, "\\\\"],
  [0x09, "\\t"],
  [0x0a, "\\n"],
  [0x0b, "\\v"],
  [0x0c, "\\f"],
  [0x0d, "\\r"],
]);

/** `"..."` of the bytes at `address`, cut after `max`; the bare address when they cannot be read. */
export function quoteMemory(task: HasSpace, address: number, length: number, max: number): string {
  const raw = copyIn(task, address, Math.min(length, max));
  if (raw instanceof Errno) return hex(address);
  return length > max ? `${quote(raw)}...` : quote(raw);
}

/** `"\\x01\\xff"...` of the bytes at `address`. */
export function quoteHex(task: HasSpace, address: number, length: number): string {
  const raw = copyIn(task, address, Math.min(length, MAX_STRING));
  if (raw instanceof Errno) return hex(address);
  const text = Array.from(raw, (byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
  return length > MAX_STRING ? `"${text}"...` : `"${text}"`;
}

/** A NUL-terminated string in full, as strace prints paths. */
export function formatPath(task: HasSpace, address: number): string {
  const raw = copyInString(task, address, PATH_MAX);
  if (!(raw instanceof Errno)) return quote(raw);
  const head = copyIn(task, address, PATH_MAX - 1);
  return head instanceof Errno ? hex(address) : `${quote(head)}...`;
}

/** A NUL-terminated string, cut after MAX_STRING bytes. */
export function formatString(task: HasSpace, address: number): string {
  const raw = copyInString(task, address, MAX_STRING + 1);
  if (!(raw instanceof Errno)) {
    return raw.length > MAX_STRING ? `${quote(raw.subarray(0, MAX_STRING))}...` : quote(raw);
  }
  return quoteMemory(task, address, MAX_STRING + 1, MAX_STRING);
}
