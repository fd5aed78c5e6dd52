/**
 * Declarative layouts of C structs. A struct lists its fields in order, padding included, and states the size
 * that the C compiler gives it; a declaration whose fields do not add up to it throws at load.
 * All values are little-endian. No other file adds a field offset by hand.
 */

export interface Field<T> {
  /** Bytes. */
  readonly size: number;
  read(view: DataView, at: number): T;
  write(view: DataView, at: number, value: T): void;
}

export type TypeOf<F> = F extends Field<infer T> ? T : never;

type Fields = Readonly<Record<string, Field<unknown>>>;
/** Padding, a field whose name begins with `_`, is not part of the value. */
type ValueOf<S> = { -readonly [K in keyof S as K extends `_${string}` ? never : K]: TypeOf<S[K]> };

export interface Struct<S> extends Field<ValueOf<S>> {
  readonly name: string;
  /** Byte offset of each field, for code that reads one word of a large struct. */
  readonly offset: { readonly [K in keyof S]: number };
  /** Writes the given fields and leaves the others as they are. */
  patch(view: DataView, at: number, value: Partial<ValueOf<S>>): void;
  /** A fresh zeroed struct with the given fields set. */
  encode(value: Partial<ValueOf<S>>): Uint8Array<ArrayBuffer>;
  /** The same in bytes that the next call fills anew: nothing is allocated. */
  encodeInPlace(value: Partial<ValueOf<S>>): Uint8Array<ArrayBuffer>;
  decode(bytes: Uint8Array): ValueOf<S>;
}

const TWO_32 = 2 ** 32;

export const u8: Field<number> = {
  size: 1,
  read: (view, at) => view.getUint8(at),
  write: (view, at, value) => view.setUint8(at, value),
};
export const i8: Field<number> = {
  size: 1,
  read: (view, at) => view.getInt8(at),
  write: (view, at, value) => view.setInt8(at, value),
};
export const u16: Field<number> = {
  size: 2,
  read: (view, at) => view.getUint16(at, true),
  write: (view, at, value) => view.setUint16(at, value, true),
};
export const i16: Field<number> = {
  size: 2,
  read: (view, at) => view.getInt16(at, true),
  write: (view, at, value) => view.setInt16(at, value, true),
};
export const u32: Field<number> = {
  size: 4,
  read: (view, at) => view.getUint32(at, true),
  write: (view, at, value) => view.setUint32(at, value, true),
};
export const i32: Field<number> = {
  size: 4,
  read: (view, at) => view.getInt32(at, true),
  write: (view, at, value) => view.setInt32(at, value, true),
};
/** A 64-bit value as a number: exact up to 2^53, written modulo 2^64. */
export const u64: Field<number> = {
  size: 8,
  read: (view, at) => view.getUint32(at, true) + view.getUint32(at + 4, true) * TWO_32,
  write: writeNumber64,
};
/** A signed 64-bit value as a number: exact between -2^53 and 2^53. */
export const i64: Field<number> = {
  size: 8,
  read: (view, at) => view.getUint32(at, true) + view.getInt32(at + 4, true) * TWO_32,
  write: writeNumber64,
};
/** A true 64-bit value: a mask, a set of signals, a hash. */
export const u64big: Field<bigint> = {
  size: 8,
  read: (view, at) => view.getBigUint64(at, true),
  write: (view, at, value) => view.setBigUint64(at, value, true),
};

function writeNumber64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value >>> 0, true);
  view.setUint32(at + 4, Math.floor(value / TWO_32) >>> 0, true);
}

/** Bytes that carry nothing. */
export function pad(size: number): Field<undefined> {
  if (size < 0) throw new RangeError(`A structure's fields before a padding take ${-size} bytes too many`);
  return { size, read: () => undefined, write: () => {} };
}

/** Raw bytes; `read` gives a view of the memory, not a copy. */
export function bytes(size: number): Field<Uint8Array> {
  return {
    size,
    read: (view, at) => new Uint8Array(view.buffer, view.byteOffset + at, size),
    write: (view, at, value) =>
      new Uint8Array(view.buffer, view.byteOffset + at, size).set(value.subarray(0, size)),
  };
}

/** A NUL-terminated string in a field of fixed size; the last byte is always NUL. */
export function cstring(size: number): Field<string> {
  return {
    size,
    read(view, at) {
      const raw = new Uint8Array(view.buffer, view.byteOffset + at, size);
      const end = raw.indexOf(0);
      return new TextDecoder().decode(raw.slice(0, end < 0 ? size : end));
    },
    write(view, at, value) {
      const raw = new Uint8Array(view.buffer, view.byteOffset + at, size).fill(0);
      raw.set(new TextEncoder().encode(value).subarray(0, size - 1));
    },
  };
}

export function array<T>(element: Field<T>, count: number): Field<T[]> {
  return {
    size: element.size * count,
    read: (view, at) => Array.from({ length: count }, (_, i) => element.read(view, at + i * element.size)),
    write: (view, at, value) =>
      value.slice(0, count).forEach((v, i) => element.write(view, at + i * element.size, v)),
  };
}

/**
 * Declares a struct of `size` bytes. Fields follow each other without gaps; write padding out as `_pad: pad(n)`.
 * Throws a TypeError when the fields do not add up to `size`.
 */
export function struct<const S extends Fields>(name: string, size: number, fields: S): Struct<S> {
  return new FieldStruct(name, size, fields);
}

interface Member {
  readonly key: string;
  readonly field: Field<unknown>;
  readonly at: number;
}

class FieldStruct<S extends Fields> implements Struct<S> {
  readonly offset: Struct<S>["offset"];
  readonly #fields: S;
  /** All but the padding; listed when the struct is first used, as a run of a program uses few. */
  #members: readonly Member[] | undefined;
  #place: Uint8Array<ArrayBuffer> | undefined;
  #view: DataView | undefined;

  constructor(readonly name: string, readonly size: number, fields: S) {
    this.#fields = fields;
    const offset: Record<string, number> = {};
    let end = 0;
    for (const key in fields) {
      offset[key] = end;
      end += fields[key]!.size;
    }
    if (end !== size) throw new TypeError(`struct ${name} has ${end} bytes, not ${size}`);
    this.offset = offset as Struct<S>["offset"];
  }

  read(view: DataView, at: number): ValueOf<S> {
    const value: Record<string, unknown> = {};
    for (const member of this.#listed()) value[member.key] = member.field.read(view, at + member.at);
    return value as ValueOf<S>;
  }

  write(view: DataView, at: number, value: ValueOf<S>): void {
    this.#set(view, at, value);
  }

  patch(view: DataView, at: number, value: Partial<ValueOf<S>>): void {
    this.#set(view, at, value);
  }

  #set(view: DataView, at: number, value: object): void {
    const given = value as Record<string, unknown>;
    for (const { key, field, at: from } of this.#listed()) {
      if (given[key] !== undefined) field.write(view, at + from, given[key]);
    }
  }

  encode(value: Partial<ValueOf<S>>): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(this.size);
    this.patch(new DataView(out.buffer), 0, value);
    return out;
  }

  encodeInPlace(value: Partial<ValueOf<S>>): Uint8Array<ArrayBuffer> {
    this.#place ??= new Uint8Array(this.size);
    this.#view ??= new DataView(this.#place.buffer);
    this.#place.fill(0);
    this.patch(this.#view, 0, value);
    return this.#place;
  }

  decode(raw: Uint8Array): ValueOf<S> {
    return this.read(new DataView(raw.buffer, raw.byteOffset, raw.byteLength), 0);
  }

  #listed(): readonly Member[] {
    return this.#members ??= Object.entries(this.#fields)
      .filter(([key]) => !key.startsWith("_"))
      .map(([key, field]) => ({ key, field, at: this.offset[key]! }));
  }
}
