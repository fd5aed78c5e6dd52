/** The WebAssembly module of the *.as.ts files here. Places are addresses of its memory. */
import { LOOP_BASE64 } from "./loop_bytes.ts";

export interface Loop {
  prepare(length: number, flags: number, is64: boolean, address: number, leas: number, limit: number): void;
  reset(): void;
  eventsEnd(): number;
  noteCall(target: number, next: number): void;
  noteLea(at: number, next: number, modrm: number): void;
  /** 0: all leas were kept. */
  hasLostLeas(): number;
  sweepRanges(ranges: number, count: number): number;
  dropPadding(ranges: number, count: number): number;
  scanWords(bytes: number): void;
  setFunctions(functions: number, length: number): void;
  markStarts(): void;
  markTables(data: number, length: number, from: number): void;
  noteJumps(bytes: number): void;
  markComputed(): void;
  lengthAt(at: number): number;
  startBefore(at: number): number;
  setForms(place: number): void;
  findForm(at: number, length: number): number;
  addForm(at: number, length: number): number;
  /** 0: it is in step. */
  isOutOfStep(start: number, stop: number): number;
  readFrames(size: number, address: number, wide: boolean, columns: number, room: number): number;
}

/** What it calls; see the sources. */
export interface LoopImports {
  decode(at: number, end: number): number;
  flush(): void;
  cieForm(at: number): number;
  readOther(at: number, cie: number, record: number): number;
}

/** The code, the same for all. */
let compiled: WebAssembly.Module | undefined;

/** `imports`: those of the functions that are going to be called. */
export function instantiate(memory: WebAssembly.Memory, imports: Partial<LoopImports>): Loop {
  compiled ??= new WebAssembly.Module(Uint8Array.fromBase64(LOOP_BASE64));
  const { decode = unexpected, flush = unexpected, cieForm = unexpected, readOther = unexpected } = imports;
  const { exports } = new WebAssembly.Instance(compiled, {
    env: { memory, abort: unexpected },
    loop: { decode, flush },
    frames: { cieForm, readOther },
  });
  return exports as unknown as Loop;
}

function unexpected(): never {
  throw new TypeError("A loop of the sweep has called what it was not to call");
}
