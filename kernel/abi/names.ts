/**
 * Linux file names are bytes; the kernel holds them as strings without loss. Valid UTF-8 decodes as usual. Every
 * byte that is not part of valid UTF-8 becomes the lone surrogate U+DC00 + byte (as Python's surrogateescape).
 */

/** Below this many characters adding them one by one is the fastest way to a string (measured in V8). */
const SHORT = 20;

/** The string for the first `length` bytes of a name or path. */
export function decodeName(raw: Uint8Array, length = raw.length): string {
  for (let i = 0; i < length; i++) if (raw[i]! >= 0x80) return decodeUtf8(raw.subarray(0, length));
  if (length > SHORT) return String.fromCharCode.apply(null, raw.subarray(0, length) as unknown as number[]);
  let name = "";
  for (let i = 0; i < length; i++) name += String.fromCharCode(raw[i]!);
  return name;
}

/** The bytes of a name; the reverse of `decodeName`. A surrogate that is no escape encodes as three bytes (WTF-8). */
export function encodeName(name: string): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(name.length * 3);
  let at = 0;
  for (let i = 0; i < name.length; i++) {
    const code = name.codePointAt(i)!;
    if (code < 0x80) out[at++] = code;
    else if (code >= 0xdc80 && code <= 0xdcff) out[at++] = code - 0xdc00;
    else if (code < 0x800) {
      out[at++] = 0xc0 | code >> 6;
      out[at++] = 0x80 | code & 0x3f;
    } else if (code < 0x10000) {
      out[at++] = 0xe0 | code >> 12;
      out[at++] = 0x80 | code >> 6 & 0x3f;
      out[at++] = 0x80 | code & 0x3f;
    } else {
      out[at++] = 0xf0 | code >> 18;
      out[at++] = 0x80 | code >> 12 & 0x3f;
      out[at++] = 0x80 | code >> 6 & 0x3f;
      out[at++] = 0x80 | code & 0x3f;
      i++;
    }
  }
  return out.slice(0, at);
}

/** Bytes of a name, without encoding it when it is short. */
export function nameTooLong(name: string, limit: number): boolean {
  return name.length * 3 > limit && encodeName(name).length > limit;
}

function decodeUtf8(raw: Uint8Array): string {
  let name = "";
  for (let i = 0; i < raw.length;) {
    const length = sequenceLength(raw, i);
    if (length === 0) {
      name += String.fromCharCode(0xdc00 + raw[i]!);
      i++;
      continue;
    }
    let code = length === 1 ? raw[i]! : raw[i]! & (0x7f >> length);
    for (let k = 1; k < length; k++) code = code << 6 | raw[i + k]! & 0x3f;
    name += String.fromCodePoint(code);
    i += length;
  }
  return name;
}

/** Bytes of the valid UTF-8 sequence at `at`; 0 when there is none (Unicode 15, table 3-7). */
function sequenceLength(raw: Uint8Array, at: number): number {
  const first = raw[at]!;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (at + length > raw.length) return 0;
  const second = raw[at + 1]!;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let k = 2; k < length; k++) if ((raw[at + k]! & 0xc0) !== 0x80) return 0;
  return length;
}
