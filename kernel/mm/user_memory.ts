/**
 * The doors to guest memory. Nothing else follows a UserPtr. Every door reports EFAULT as a value and checks the
 * pages' protection as Linux would: what is not readable or writable to the guest is not to the kernel either.
 * Views returned here are valid only until the handler returns or awaits.
 */
import { E2BIG, EFAULT, EINVAL, ENAMETOOLONG, Errno } from "../abi/errno.ts";
import type { Struct } from "../abi/layout.ts";
import type { UserPtr } from "../abi/types.ts";

/** What of an address space the doors need. */
export interface UserSpace {
  /**
   * The longest run of bytes from `address`, at most `length`, that the guest may read (or write) and that lies in
   * one piece for the kernel. Empty when the first byte is not accessible.
   */
  span(address: number, length: number, write: boolean): Uint8Array<ArrayBuffer>;
}

interface HasSpace {
  readonly mm: UserSpace;
}

/** `length` bytes from the guest: a view where they lie in one piece, else a copy. */
export function copyIn(task: HasSpace, from: UserPtr, length: number): Uint8Array<ArrayBuffer> | Errno {
  const first = task.mm.span(from, length, false);
  if (first.length === length) return first;
  const whole = new Uint8Array(length);
  let done = 0;
  for (let part = first; done < length; part = task.mm.span(from + done, length - done, false)) {
    if (part.length === 0) return EFAULT;
    whole.set(part, done);
    done += part.length;
  }
  return whole;
}

/** Copies all of `bytes` to the guest; 0, or EFAULT with a prefix copied. */
export function copyOut(task: HasSpace, to: UserPtr, bytes: Uint8Array): 0 | Errno {
  let done = 0;
  while (done < bytes.length) {
    const part = task.mm.span(to + done, bytes.length - done, true);
    if (part.length === 0) return EFAULT;
    part.set(part.length === bytes.length ? bytes : bytes.subarray(done, done + part.length));
    done += part.length;
  }
  return 0;
}

export function copyInStruct<T>(task: HasSpace, layout: StructCodec<T>, from: UserPtr): T | Errno {
  const raw = copyIn(task, from, layout.size);
  return raw instanceof Errno ? raw : layout.decode(raw);
}

/** The most bytes that a struct which may grow can have: a page. */
const MOST_BYTES = 4096;

/**
 * A struct whose size the caller tells, as it may be an older or newer one than ours; what an older one lacks is 0.
 * EINVAL: less than the first had; E2BIG: it says something that we do not know. Linux: copy_struct_from_user.
 */
export function copyInGrowing<T>(
  task: HasSpace,
  layout: StructCodec<T>,
  from: UserPtr,
  size: number,
  least: number,
): T | Errno {
  if (size < least) return EINVAL;
  if (size > MOST_BYTES) return E2BIG;
  const raw = copyIn(task, from, size);
  if (raw instanceof Errno) return EFAULT;
  if (raw.subarray(layout.size).some((byte) => byte !== 0)) return E2BIG;
  const whole = new Uint8Array(layout.size);
  whole.set(raw.subarray(0, layout.size));
  return layout.decode(whole);
}

export function copyOutStruct<T>(
  task: HasSpace,
  layout: StructCodec<T>,
  to: UserPtr,
  value: Partial<T>,
): 0 | Errno {
  return copyOut(task, to, layout.encodeInPlace(value));
}

/** The bytes up to the NUL, a copy; ENAMETOOLONG when there is none within `max` bytes. */
export function copyInString(task: HasSpace, from: UserPtr, max: number): Uint8Array<ArrayBuffer> | Errno {
  const parts: Uint8Array[] = [];
  let length = 0;
  while (length < max) {
    const part = task.mm.span(from + length, Math.min(max - length, STRING_STEP), false);
    if (part.length === 0) return EFAULT;
    const end = part.indexOf(0);
    const text = end < 0 ? part : part.subarray(0, end);
    parts.push(text);
    length += text.length;
    if (end >= 0) return concatenate(parts, length);
  }
  return ENAMETOOLONG;
}

/** A NUL-terminated array of words (argv, envp) from the guest, `word` bytes each. */
export function copyInWords(task: HasSpace, from: UserPtr, word: 4 | 8, max: number): number[] | Errno {
  const words: number[] = [];
  while (words.length < max) {
    const raw = copyIn(task, from + words.length * word, word);
    if (raw instanceof Errno) return raw;
    const view = new DataView(raw.buffer, raw.byteOffset, word);
    const value = view.getUint32(0, true) + (word === 8 ? view.getUint32(4, true) * 2 ** 32 : 0);
    if (value === 0) return words;
    words.push(value);
  }
  return words;
}

/** What of a layout with such values the doors need. */
export interface StructCodec<T> extends Pick<Struct<unknown>, "size"> {
  decode(bytes: Uint8Array): T;
  encodeInPlace(value: Partial<T>): Uint8Array<ArrayBuffer>;
}

const STRING_STEP = 256;

function concatenate(parts: Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
