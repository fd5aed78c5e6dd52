/**
 * The runs of instructions in bytes of which nothing else is known: code that a program made. A sweep from the first
 * byte may be out of step for long, so first comes what is certain: where execution has arrived, and all that direct
 * jumps and calls reach from there. The rest is decoded linearly, again from behind each run of zeros, which is no code.
 */
import { Decoder, type Mode } from "./decoder.ts";
import { endsFlow } from "./flow.ts";
import { Kind } from "./instruction_kind.ts";
import type { FunctionRange } from "./region.ts";

/** So many zero bytes are room that nobody has written to yet. */
const ZEROS = 4;

/** `address` is that of the first byte; `entries` are addresses. In ascending order, disjoint. */
export function codeRuns(
  mode: Mode,
  address: number,
  bytes: Uint8Array,
  entries: readonly number[],
): FunctionRange[] {
  const certain = descend(mode, bytes, entries.map((entry) => entry - address));
  const decoder = new Decoder(mode), size = bytes.length;
  const runs: FunctionRange[] = [];
  let start = -1;
  for (let at = 0; at < size;) {
    const length = certain[at]!;
    if (length === 0 && isRoom(bytes, at)) {
      end(at);
      while (at < size && bytes[at] === 0 && certain[at] === 0) at++;
      continue;
    }
    if (start < 0) start = at;
    let next = at + (length || decoder.decode(bytes, at, size) || 1);
    // What is certain begins within: this was out of step.
    for (let i = at + 1; length === 0 && i < next && i < size; i++) {
      if (certain[i] !== 0) {
        end(i);
        next = i;
      }
    }
    at = next;
  }
  end(size);
  return runs;

  function end(at: number): void {
    if (start >= 0 && start < at) runs.push({ start: address + start, end: address + at });
    start = -1;
  }
}

/** By offset, the length of the instruction that starts there as far as entries lead; else 0. */
function descend(mode: Mode, bytes: Uint8Array, entries: readonly number[]): Uint8Array {
  const decoder = new Decoder(mode), size = bytes.length;
  const lengths = new Uint8Array(size), waiting = [...entries];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    while (at >= 0 && at < size && lengths[at] === 0) {
      const length = decoder.decode(bytes, at, size);
      if (length === 0) break;
      lengths[at] = length;
      const { kind, target } = decoder;
      const isDirect = kind === Kind.call || kind === Kind.jump || kind === Kind.branch || kind === Kind.loop;
      if (isDirect) waiting.push(target);
      if (endsFlow(decoder)) break;
      at += length;
    }
  }
  return lengths;
}

function isRoom(bytes: Uint8Array, at: number): boolean {
  for (let i = at; i < at + ZEROS; i++) if (i < bytes.length && bytes[i] !== 0) return false;
  return true;
}
