/**
 * NT names for the kernel's paths, and the one OBJECT_ATTRIBUTES block through which they are passed.
 * Characters Windows forbids move to U+F000 + character, as Cygwin and WSL do; so do a dot or space at the end of a
 * name. Bytes that are no UTF-8 (U+DC80 to U+DCFF in the kernel) move to U+F080 to U+F0FF. A name that itself holds
 * a character U+F000 to U+F0FF has that character's three bytes moved one by one.
 */
import { decodeName, encodeName } from "../../kernel/abi/names.ts";
import { OBJECT_ATTRIBUTES, UNICODE_STRING } from "./layouts.ts";

/** Characters in the longest NT name. */
const MAX_CHARACTERS = 32767;

const SLASH = 47;
const BACKSLASH = 92;
const DOT = 46;
const SPACE = 32;

/** `"windows"`: what Windows forbids. `"separators"`: only what cannot be passed at all (Wine's view of its host). */
export type Escaping = "windows" | "separators";

const FORBIDDEN: Readonly<Record<Escaping, ReadonlySet<number>>> = {
  windows: new Set([...Array(32).keys(), ...[...'"*:<>?|\\'].map((c) => c.charCodeAt(0))]),
  separators: new Set([BACKSLASH]),
};

/** The NT name of a directory, to which kernel paths are appended. */
export interface Prefix {
  /** Ends with a backslash. */
  readonly characters: Uint16Array;
  /** How many of them name the directory itself: roots keep the backslash. */
  readonly topLength: number;
  readonly escaping: Escaping;
}

/** Name blocks for calls in progress: one is enough, two for calls that name a target as well. */
export class NativePath {
  readonly #characters = new Uint16Array(MAX_CHARACTERS + 1);
  readonly #string = new Uint8Array(UNICODE_STRING.size);
  readonly #attributes = new Uint8Array(OBJECT_ATTRIBUTES.size);
  readonly #lengths = new Uint16Array(this.#string.buffer, 0, 2);
  /** POBJECT_ATTRIBUTES for the path set last. */
  readonly pointer: Deno.PointerValue;
  #length = 0;
  #prefix: Prefix | undefined;

  constructor() {
    UNICODE_STRING.write(new DataView(this.#string.buffer), 0, {
      Length: 0,
      MaximumLength: 0,
      Buffer: addressOf(this.#characters),
    });
    OBJECT_ATTRIBUTES.patch(new DataView(this.#attributes.buffer), 0, {
      Length: OBJECT_ATTRIBUTES.size,
      ObjectName: addressOf(this.#string),
    });
    this.pointer = Deno.UnsafePointer.of(this.#attributes);
  }

  /** Sets the block to `path` below `prefix`; false when it is too long. */
  set(prefix: Prefix, path: string): boolean {
    const out = this.#characters;
    if (prefix !== this.#prefix) {
      out.set(prefix.characters);
      this.#prefix = prefix;
    }
    let at = prefix.characters.length;
    if (at + path.length * 3 > MAX_CHARACTERS) return false;
    const escaping = prefix.escaping;
    const forbidden = FORBIDDEN[escaping];
    for (let i = 0; i < path.length; i++) {
      const code = path.charCodeAt(i);
      if (code === SLASH) out[at++] = BACKSLASH;
      else if (code < 128) {
        const ends = (code === DOT || code === SPACE) && escaping === "windows" && isLast(path, i);
        out[at++] = ends || forbidden.has(code) ? 0xf000 + code : code;
      } else if (code >= 0xdc80 && code <= 0xdcff && !isHigh(path.charCodeAt(i - 1))) {
        out[at++] = code - 0xdc00 + 0xf000;
      } else if (code >= 0xf000 && code <= 0xf0ff) {
        for (const byte of encodeName(path[i]!)) out[at++] = 0xf000 + byte;
      } else out[at++] = code;
    }
    if (path === "") at = prefix.topLength;
    this.#length = at;
    this.#lengths[0] = this.#lengths[1] = at * 2;
    return true;
  }

  /** The name as it was set, for FILE_RENAME_INFORMATION. */
  get text(): Uint8Array {
    return new Uint8Array(this.#characters.buffer, 0, this.#length * 2);
  }
}

/** The kernel's name for one that Windows gave. */
export function kernelName(characters: Uint16Array): string {
  let name = "";
  let escapedBytes = false;
  for (const code of characters) {
    if (code < 0xf000 || code > 0xf0ff) name += String.fromCharCode(code);
    else if (code < 0xf080) name += String.fromCharCode(code - 0xf000);
    else {
      name += String.fromCharCode(code - 0xf000 + 0xdc00);
      escapedBytes = true;
    }
  }
  return escapedBytes ? decodeName(encodeName(name)) : name;
}

/** The prefix for a root such as "\\??\\C:\\". */
export function rootPrefix(root: string, escaping: Escaping): Prefix {
  const characters = wide(root);
  return { characters, topLength: characters.length, escaping };
}

/** The prefix for a folder below another. */
export function subPrefix(above: Prefix, path: string): Prefix {
  if (path === "") return above;
  const name = new NativePath();
  if (!name.set(above, path)) throw new RangeError(`Cannot use folder ${path}: its name is too long`);
  const text = new Uint16Array(name.text.slice().buffer);
  return {
    characters: Uint16Array.of(...text, BACKSLASH),
    topLength: text.length,
    escaping: above.escaping,
  };
}

/** The characters of a string. */
export function wide(text: string): Uint16Array<ArrayBuffer> {
  const out = new Uint16Array(text.length);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
  return out;
}

function isLast(path: string, index: number): boolean {
  return index + 1 === path.length || path.charCodeAt(index + 1) === SLASH;
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function addressOf(memory: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>): bigint {
  return BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(memory)));
}
