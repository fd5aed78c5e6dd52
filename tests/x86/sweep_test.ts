/** The sweep's loop, which knows the common instructions itself, against the decoder. */
import { type CodeRegion, Decoder, Functions, Kind, type Mode, sweep } from "../../loader/x86/mod.ts";
import { Flag, siteKind } from "../../loader/x86/sweep.ts";
import { bias, random } from "./random_bytes.ts";

const ROWS = 100_000, ROW = 32, ADDRESS = 0x400000;

/** The flags that one instruction after the other, decoded alone, gives; sites go to `sites`. */
function reference(mode: Mode, bytes: Uint8Array, starts: readonly number[], sites: number[]): Uint8Array {
  const flags = new Uint8Array(bytes.length), decoder = new Decoder(mode);
  const mark = (at: number, flag: number) => {
    if (at >= 0 && at < flags.length) flags[at]! |= flag;
  };
  for (const start of starts) {
    for (let at = start; at < start + ROW;) {
      const length = decoder.decode(bytes, at, start + ROW), next = at + length;
      if (length > 0) {
        const { kind } = decoder;
        mark(at, Flag.start);
        if (siteKind(decoder) >= 0) {
          mark(at, Flag.site);
          sites.push(at, length, siteKind(decoder));
        }
        if (kind === Kind.call || kind === Kind.callIndirect || kind === Kind.far) mark(next, Flag.entry);
        if (kind === Kind.jump || kind === Kind.jumpIndirect || kind === Kind.ret) {
          mark(next, Flag.unfollowed);
        }
        if (DIRECT.includes(kind)) mark(decoder.target, Flag.entry | Flag.target);
      }
      at += length || 1;
    }
  }
  return flags;
}

const DIRECT: readonly Kind[] = [Kind.call, Kind.jump, Kind.branch, Kind.loop, Kind.transaction];

for (const mode of [64, 32] as const) {
  Deno.test(`sweep() agrees with the decoder on ${ROWS} random rows in ${mode}-bit mode`, () => {
    const next = random(0x51ab3c7 + mode), bytes = new Uint8Array(ROWS * ROW), starts: number[] = [];
    for (let i = 0; i < bytes.length; i++) bytes[i] = next() >>> 11;
    for (let i = 0; i < bytes.length; i += ROW) {
      starts.push(i);
      if (next() % 4 !== 0) {
        for (let j = 0; j < ROW; j += 8) bias(bytes.subarray(i + j, i + ROW), mode, next);
      }
    }
    const functions = Functions.of(
      starts.map((start) => ({ start: ADDRESS + start, end: ADDRESS + start + ROW })),
    );
    const region: CodeRegion = { mode, address: ADDRESS, bytes, functions };
    const swept = sweep(region), sites: number[] = [];
    const wanted = reference(mode, bytes, starts, sites);
    // Constants that look like addresses are marked too; ud2 and hlt end the flow.
    for (let at = 0; at < bytes.length; at++) {
      const got = swept.flags[at]!, missing = wanted[at]! & ~got;
      const more = got & ~wanted[at]! & (Flag.start | Flag.site);
      if (missing !== 0 || more !== 0) {
        const row = bytes.subarray(Math.floor(at / ROW) * ROW).subarray(0, ROW);
        throw new Error(`Flags at ${at % ROW} of ${row.toHex()}: ${got}, wanted ${wanted[at]}`);
      }
    }
    const got: number[] = [];
    for (let i = 0; i < swept.sites.length; i++) {
      got.push(swept.sites.values[i]!, swept.siteLengths.values[i]!, swept.siteKinds.values[i]!);
    }
    if (got.join() !== sites.join()) throw new Error("The sites differ");
  });
}
