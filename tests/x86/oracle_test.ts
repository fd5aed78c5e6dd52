/** The decoder and the site finder against iced-x86: whole real binaries and random bytes. */
import { Decoder, Kind, type Mode, sweep } from "../../loader/x86/mod.ts";
import { siteKind } from "../../loader/x86/sweep.ts";
import { elfRegions } from "./elf_regions.ts";
import { iced } from "./iced.ts";
import { flowKind, icedSite } from "./oracle.ts";
import { bias, random } from "./random_bytes.ts";

const HOME = Deno.env.get("HOME") ?? "/root";

/** Binaries and, for each, the places it may be in. None of them may be missing. */
const BINARIES: Readonly<Record<string, readonly string[]>> = {
  "amd64 libc": ["/lib/x86_64-linux-gnu/libc.so.6"],
  "i386 libc": ["/lib32/libc.so.6", "/lib/i386-linux-gnu/libc.so.6"],
  "bash": ["/bin/bash"],
  "python": ["/usr/bin/python3.11", "/usr/bin/python3.12", "/usr/bin/python3.13"],
  "libcrypto": ["/usr/lib/x86_64-linux-gnu/libcrypto.so.3"],
  "a Rust program": [`${HOME}/.cargo/bin/rustup`, `${HOME}/.cargo/bin/cargo`],
};

function readFirst(name: string, paths: readonly string[]): Uint8Array {
  for (const path of paths) {
    try {
      return Deno.readFileSync(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  throw new Error(`Cannot test with ${name}: none of ${paths.join(", ")} exists`);
}

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");

/** Collects differences and reports the first of them. */
class Differences {
  readonly #lines: string[] = [];
  #count = 0;
  add(bytes: Uint8Array, what: string): void {
    if (this.#count++ < 20) this.#lines.push(`${hex(bytes)}: ${what}`);
  }
  check(): void {
    if (this.#count > 0) {
      throw new Error(`${this.#count} differences from iced-x86:\n${this.#lines.join("\n")}`);
    }
  }
}

/** Compares one instruction at `at`; returns its length. */
class Comparison {
  readonly #mode: Mode;
  readonly #bytes: Uint8Array;
  readonly #theirs;
  readonly #instruction = new iced.Instruction();
  readonly #ours: Decoder;
  readonly #out: Differences;
  site = -1;

  constructor(mode: Mode, bytes: Uint8Array, out: Differences) {
    this.#mode = mode;
    this.#bytes = bytes;
    this.#ours = new Decoder(mode);
    this.#theirs = new iced.Decoder(mode, bytes, 0);
    this.#out = out;
  }

  at(at: number): number {
    const bytes = this.#bytes, theirs = this.#instruction, ours = this.#ours;
    this.#theirs.position = at;
    this.#theirs.ip = BigInt(at);
    this.#theirs.decodeOut(theirs);
    const wanted = theirs.isInvalid ? 0 : theirs.length;
    const length = ours.decode(bytes, at, bytes.length);
    this.site = -1;
    if (length !== wanted) {
      this.#out.add(
        bytes.subarray(at, at + 15),
        `length ${length}, iced ${wanted} ${iced.Code[theirs.code]}`,
      );
      return wanted;
    }
    if (length === 0) return 0;
    const code = bytes.subarray(at, at + length);
    const kind = flowKind(theirs);
    if (kind !== undefined ? kind !== ours.kind : isFlow(ours.kind)) {
      this.#out.add(code, `kind ${ours.kind}, iced ${kind} ${iced.Code[theirs.code]}`);
    }
    if (kind === Kind.jump || kind === Kind.branch || kind === Kind.loop || kind === Kind.call) {
      const size = this.#mode === 64 ? 64 : theirs.opKind(0) === iced.OpKind["NearBranch16"] ? 16 : 32;
      const target = BigInt.asUintN(size, BigInt(ours.target));
      if (target !== theirs.nearBranchTarget) {
        this.#out.add(code, `target ${target}, iced ${theirs.nearBranchTarget}`);
      }
    }
    this.site = icedSite(this.#mode, theirs, code);
    const site = siteKind(ours);
    if (site !== this.site) this.#out.add(code, `site ${site}, iced ${this.site} ${iced.Code[theirs.code]}`);
    return length;
  }

  free(): void {
    this.#theirs.free();
  }
}

/** Kinds that flowKind() must have named. */
function isFlow(kind: Kind): boolean {
  return kind === Kind.syscall || kind === Kind.sysenter || kind >= Kind.jump && kind <= Kind.ret ||
    kind === Kind.transaction;
}

for (const [name, paths] of Object.entries(BINARIES)) {
  Deno.test(`decoder and sweep agree with iced-x86 on every instruction of ${name}`, () => {
    const out = new Differences();
    for (const region of elfRegions(readFirst(name, paths))) {
      const swept = sweep(region), sites: number[] = [];
      for (const { values, length } of swept.swept) {
        for (let i = 0; i < length; i += 2) {
          const start = values[i]!, end = values[i + 1]!;
          const comparison = new Comparison(region.mode, region.bytes.subarray(start, end), out);
          for (let at = 0; at < end - start;) {
            const length = comparison.at(at);
            if (comparison.site >= 0) sites.push(start + at);
            at += length || 1;
          }
          comparison.free();
        }
      }
      sites.sort((a, b) => a - b);
      const ours = swept.sites.values.subarray(0, swept.sites.length);
      if (ours.length !== sites.length || sites.some((at, i) => at !== ours[i])) {
        throw new Error(`The sweep found ${ours.length} sites, iced-x86 ${sites.length}`);
      }
    }
    out.check();
  });
}

const ROW = 16;

for (const mode of [64, 32] as const) {
  Deno.test(`decoder agrees with iced-x86 on 1,000,000 random byte strings in ${mode}-bit mode`, () => {
    const next = random(0x2f6e2b1 + mode), out = new Differences();
    for (let part = 0; part < 10; part++) {
      const rows = new Uint8Array(100_000 * ROW);
      for (let i = 0; i < rows.length; i++) rows[i] = next() >>> 11;
      if (part >= 5) {
        for (let i = 0; i < rows.length; i += ROW) bias(rows.subarray(i, i + ROW), mode, next);
      }
      const comparison = new Comparison(mode, rows, out);
      for (let at = 0; at < rows.length; at += ROW) comparison.at(at);
      comparison.free();
    }
    out.check();
  });
}
