/**
 * Function ranges and landing pads from .eh_frame (LSB Core 5.0, 10.6; DWARF 5, 6.4; Itanium C++ ABI: exceptions).
 *
 * Nothing here throws on malformed input: what is not sound is left out.
 */
import { Functions } from "./functions.ts";
import { instantiate } from "./sweep_loop/instance.ts";
import { CODE_AT } from "./sweep_loop/layout.ts";
import type { DataRange, FunctionRange } from "./region.ts";

/** Pointer encodings (LSB Core 5.0, table 10-1 and 10-2). */
const DW_EH_PE_omit = 0xff;
const FORMAT_MASK = 0x0f, APPLICATION_MASK = 0x70;
/** DW_EH_PE_pcrel | DW_EH_PE_sdata4. */
const PCREL_SDATA4 = 0x1b;
const DW_EH_PE_pcrel = 0x10, DW_EH_PE_datarel = 0x30;

/** User addresses have 47 bits. */
const MAX_ADDRESS = 0x8000_0000_0000;

/** A cursor over bytes at a known address; reading past the end sets `failed` and yields 0. */
class Cursor {
  failed = false;
  readonly #view: DataView;
  constructor(readonly range: DataRange, public at: number, readonly pointerSize: 4 | 8) {
    this.#view = new DataView(range.bytes.buffer, range.bytes.byteOffset, range.bytes.byteLength);
  }

  #take(size: number): number {
    const at = this.at;
    this.at += size;
    if (at >= 0 && this.at <= this.range.bytes.length) return at;
    this.failed = true;
    return -1;
  }

  u8(): number {
    const at = this.#take(1);
    return at < 0 ? 0 : this.#view.getUint8(at);
  }

  u32(): number {
    const at = this.#take(4);
    return at < 0 ? 0 : this.#view.getUint32(at, true);
  }

  uleb(): number {
    let value = 0, scale = 1;
    for (let i = 0; i < 10; i++) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte < 0x80) return value;
    }
    this.failed = true;
    return 0;
  }

  /** A pointer as `encoding` says, or NaN for "omit". `dataBase` is what datarel counts from. */
  pointer(encoding: number, dataBase = 0): number {
    if (encoding === DW_EH_PE_omit) return NaN;
    const from = this.range.address + this.at;
    const value = this.#value(encoding & FORMAT_MASK);
    switch (encoding & APPLICATION_MASK) {
      case DW_EH_PE_pcrel:
        return this.#wrap(from + value);
      case DW_EH_PE_datarel:
        return this.#wrap(dataBase + value);
      default:
        return value;
    }
  }

  #value(format: number): number {
    let at: number;
    switch (format) {
      case 0x01:
        return this.uleb();
      case 0x09: // sleb128
        return this.#sleb();
      case 0x02:
      case 0x0a:
        at = this.#take(2);
        return at < 0 ? 0 : format === 2 ? this.#view.getUint16(at, true) : this.#view.getInt16(at, true);
      case 0x03:
      case 0x0b:
        at = this.#take(4);
        return at < 0 ? 0 : format === 3 ? this.#view.getUint32(at, true) : this.#view.getInt32(at, true);
      case 0x00: // absptr
        if (this.pointerSize === 4) return this.u32();
        at = this.#take(8);
        return at < 0 ? 0 : this.#wide(at);
      case 0x04:
      case 0x0c:
        at = this.#take(8);
        return at < 0 ? 0 : this.#wide(at);
      default:
        this.failed = true;
        return 0;
    }
  }

  #sleb(): number {
    let value = 0, scale = 1;
    for (let i = 0; i < 10; i++) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte < 0x80) return byte & 0x40 ? value - scale : value;
    }
    this.failed = true;
    return 0;
  }

  #wide(at: number): number {
    return this.#view.getInt32(at + 4, true) * 0x1_0000_0000 + this.#view.getUint32(at, true);
  }

  #wrap(address: number): number {
    return this.pointerSize === 4 ? address >>> 0 : address;
  }
}

/** The address of .eh_frame named by a PT_GNU_EH_FRAME header (.eh_frame_hdr), if it is sound. */
export function ehFrameAddress(header: DataRange, pointerSize: 4 | 8): number | undefined {
  const cursor = new Cursor(header, 0, pointerSize);
  if (cursor.u8() !== 1) return undefined;
  const encoding = cursor.u8();
  cursor.at += 2;
  const address = cursor.pointer(encoding, header.address);
  return cursor.failed || Number.isNaN(address) ? undefined : address;
}

/** What an FDE needs to know of its CIE. */
interface Cie {
  readonly pointerEncoding: number;
  readonly lsdaEncoding: number;
  readonly augmented: boolean;
  readonly form: typeof Form[keyof typeof Form];
}

/** Of FDEs, as in frames.as.ts: relative pointers of four bytes, alone or with one to the LSDA behind them, as nearly all. */
const Form = { plain: 1, withLsda: 2, other: 3 } as const;
/** What is read behind a position that is not looked at. */
const MAX_READ = 16;

/** The smallest FDE: its length, its CIE, and two pointers of two bytes. */
const FDE_SIZE = 12;
const COLUMNS = 3;
const PAGE = 65536;

/** The functions that .eh_frame describes. `frame` may extend past the section's end. */
export function functionRanges(frame: DataRange, pointerSize: 4 | 8): Functions {
  const size = frame.bytes.length, cies = new Map<number, Cie | undefined>();
  const columns = Math.ceil((CODE_AT + size + MAX_READ) / 8) * 8, room = Math.ceil(size / FDE_SIZE) * 8;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((columns + COLUMNS * room) / PAGE) });
  const { buffer } = memory;
  new Uint8Array(buffer, CODE_AT, size).set(frame.bytes);
  const loop = instantiate(memory, {
    cieForm(at) {
      if (!cies.has(at)) cies.set(at, readCie(frame, at, pointerSize));
      return cies.get(at)?.form ?? 0;
    },
    readOther(at, cieAt, row) {
      const cie = cies.get(cieAt);
      const range = cie && readFde(new Cursor(frame, at, pointerSize), cie);
      if (range === undefined) return 0;
      new Float64Array(buffer, row, 1)[0] = range.start;
      new Float64Array(buffer, row + room, 1)[0] = range.end;
      new Float64Array(buffer, row + 2 * room, 1)[0] = range.lsda ?? 0;
      return 1;
    },
  });
  const count = loop.readFrames(size, frame.address, pointerSize === 8, columns, room);
  const column = (index: number) => new Float64Array(buffer, columns + index * room, count).slice();
  return new Functions(column(0), column(1), column(2));
}

function readCie(frame: DataRange, at: number, pointerSize: 4 | 8): Cie | undefined {
  const cursor = new Cursor(frame, at, pointerSize);
  cursor.u32();
  if (cursor.u32() !== 0) return undefined;
  const version = cursor.u8();
  if (version !== 1 && version !== 3) return undefined;
  let augmentation = "";
  for (let byte = cursor.u8(); byte !== 0 && augmentation.length < 16; byte = cursor.u8()) {
    augmentation += String.fromCharCode(byte);
  }
  cursor.uleb(); // code alignment
  cursor.uleb(); // data alignment, signed but of the same length
  if (version === 1) cursor.u8();
  else cursor.uleb();
  let pointerEncoding = 0, lsdaEncoding = DW_EH_PE_omit;
  const augmented = augmentation.startsWith("z");
  if (augmented) {
    cursor.uleb();
    for (const letter of augmentation.slice(1)) {
      if (letter === "R") pointerEncoding = cursor.u8();
      else if (letter === "L") lsdaEncoding = cursor.u8();
      else if (letter === "P") cursor.pointer(cursor.u8());
      else if (letter !== "S" && letter !== "B") return undefined;
    }
  } else if (augmentation !== "") return undefined;
  if (cursor.failed) return undefined;
  const known = pointerEncoding === PCREL_SDATA4;
  const form = known && lsdaEncoding === DW_EH_PE_omit
    ? Form.plain
    : known && augmented && lsdaEncoding === PCREL_SDATA4
    ? Form.withLsda
    : Form.other;
  return { pointerEncoding, lsdaEncoding, augmented, form };
}

function readFde(cursor: Cursor, cie: Cie): FunctionRange | undefined {
  const start = cursor.pointer(cie.pointerEncoding);
  const size = cursor.pointer(cie.pointerEncoding & FORMAT_MASK);
  const end = start + size;
  if (cursor.failed || !(start > 0) || !(size > 0) || end > MAX_ADDRESS) return undefined;
  if (!cie.augmented || cie.lsdaEncoding === DW_EH_PE_omit) return { start, end };
  cursor.uleb();
  // A null pointer is stored as 0 whatever it is relative to (Itanium C++ ABI).
  const at = cursor.at, base = cursor.range.address + at;
  const lsda = cursor.pointer(cie.lsdaEncoding);
  if (cursor.failed) return undefined;
  const relative = (cie.lsdaEncoding & APPLICATION_MASK) === DW_EH_PE_pcrel;
  return lsda === 0 || relative && lsda === base ? { start, end } : { start, end, lsda };
}

/** The landing pads of the function at `functionStart`, by its LSDA; undefined if that cannot be read. */
export function landingPads(
  functionStart: number,
  lsda: number,
  data: readonly DataRange[],
  pointerSize: 4 | 8,
): number[] | undefined {
  const range = data.find(({ address, bytes }) => lsda >= address && lsda < address + bytes.length);
  if (range === undefined) return undefined;
  const cursor = new Cursor(range, lsda - range.address, pointerSize);
  const startEncoding = cursor.u8();
  const start = startEncoding === DW_EH_PE_omit ? functionStart : cursor.pointer(startEncoding);
  if (cursor.u8() !== DW_EH_PE_omit) cursor.uleb();
  const encoding = cursor.u8(), length = cursor.uleb(), end = cursor.at + length;
  const pads: number[] = [];
  while (cursor.at < end && !cursor.failed) {
    cursor.pointer(encoding);
    cursor.pointer(encoding);
    const pad = cursor.pointer(encoding);
    cursor.uleb();
    if (pad !== 0) pads.push(start + pad);
  }
  return cursor.failed ? undefined : pads;
}
