/** Which code of an address space was rewritten ("sealed"), and what stood there before. */
import type { GuestPosition, Rewritten, Site } from "../../loader/x86/mod.ts";
import type { Range } from "../host.ts";

export interface Code {
  /** [start, end) of the code the guest knows: whole pages, at least a part of what was rewritten. */
  readonly start: number;
  readonly end: number;
  readonly rewritten: Rewritten;
  /** Difference between where the code is and where it was rewritten for. */
  readonly bias: number;
  /** The area of its trampolines, if it has one of its own: the same object for all that share it. */
  readonly room: Range | undefined;
}

export class CodeMap {
  #codes: Code[] = [];
  /** Pages of code that has written to what was swept together with it. */
  readonly #apart = new Set<number>();

  /** From now on the page is swept alone, so that its code can write to its neighbours and go on. */
  keepApart(page: number): void {
    this.#apart.add(page);
  }

  isApart(page: number): boolean {
    return this.#apart.has(page);
  }

  add(code: Code): void {
    this.#codes.push(code);
  }

  /** The site whose instruction starts at `address`. */
  siteAt(address: number): Site | undefined {
    const code = this.#at(address);
    return code?.rewritten.siteAt(address, baseOf(code));
  }

  /** For an address in a trampoline: where the guest thinks it is. */
  positionOf(address: number): GuestPosition | undefined {
    for (const code of this.#codes) {
      const position = code.rewritten.originalAddress(address, baseOf(code));
      if (position !== undefined) return position;
    }
    return undefined;
  }

  /** Where an instruction of the guest's that was moved into a trampoline is now. */
  entryOf(address: number): number | undefined {
    const code = this.#at(address);
    return code?.rewritten.entryOf(address, baseOf(code));
  }

  /** Whether any of it may load a selector. */
  get hasSelectors(): boolean {
    return this.#codes.some(({ rewritten }) => rewritten.has("segment-register"));
  }

  /** In ascending order. */
  overlapping(start: number, end: number): Code[] {
    return this.#codes.filter((c) => c.start < end && start < c.end).sort((a, b) => a.start - b.start);
  }

  /** The room of code that was rewritten together with some, if that is just there. */
  roomAt(start: number, end: number, together: readonly Rewritten[]): Range | undefined {
    return this.#codes.find(({ room, rewritten }) =>
      room?.start === start && room.end === end && together.includes(rewritten)
    )?.room;
  }

  /** Drops what is known of [start, end); returns the rooms that nobody needs any more. */
  forget(start: number, end: number): Range[] {
    const hit = this.overlapping(start, end);
    if (hit.length === 0) return [];
    this.#codes = this.#codes.flatMap((code) => hit.includes(code) ? without(code, start, end) : [code]);
    const rooms = new Set(hit.map(({ room }) => room));
    for (const { room } of this.#codes) rooms.delete(room);
    return [...rooms].filter((room) => room !== undefined);
  }

  copyFrom(other: CodeMap): void {
    this.#codes = [...other.#codes];
  }

  /** The guest's own bytes at `address`, given what memory holds there. */
  unpatch(address: number, bytes: Uint8Array): Uint8Array {
    const copy = bytes.slice();
    for (const code of this.overlapping(address, address + bytes.length)) {
      const from = Math.max(address, code.start);
      copy.set(originalOf(code, from, Math.min(address + bytes.length, code.end)), from - address);
    }
    return copy;
  }

  #at(address: number): Code | undefined {
    return this.#codes.find((c) => address >= c.start && address < c.end);
  }
}

/** What stood in [from, to), which is the code's. */
export function originalOf(code: Code, from: number, to: number): Uint8Array {
  return code.rewritten.original.subarray(from - baseOf(code), to - baseOf(code));
}

function baseOf({ rewritten, bias }: Code): number {
  return rewritten.address + bias;
}

function without(code: Code, start: number, end: number): Code[] {
  const parts: Code[] = [];
  if (code.start < start) parts.push({ ...code, end: start });
  if (end < code.end) parts.push({ ...code, start: end });
  return parts;
}
