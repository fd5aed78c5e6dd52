/**
 * What the pages of a container's views are protected with, and what they are to be by the time guest code goes on.
 * A call of Windows costs more than everything the kernel does for it, so only what has really changed is told, and
 * neighbours together.
 */

export interface Protection {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** Where the view begins: no call may reach from one view into another. */
  readonly view: number;
  /** PAGE_*. */
  readonly protection: number;
}

export class Protections {
  /** What Windows has been told: ascending, disjoint, all of every view. */
  #told: Protection[] = [];
  /** Ascending and disjoint. */
  #wanted: Protection[] = [];

  /** A view has been mapped, all of it with `protection`. */
  mapped(start: number, end: number, protection: number): void {
    this.#told = laid(this.#told, { start, end, view: start, protection });
  }

  unmapped(start: number, end: number): void {
    this.#told = without(this.#told, start, end);
    this.#wanted = without(this.#wanted, start, end);
  }

  /** [start, end), which is mapped, is to be protected so. */
  want(start: number, end: number, protection: number): void {
    for (const told of this.#told) {
      if (told.end <= start || told.start >= end) continue;
      const part = { start: Math.max(start, told.start), end: Math.min(end, told.end), view: told.view };
      this.#wanted = laid(this.#wanted, { ...part, protection });
    }
  }

  /** Whether all of [start, end), which is mapped, has been told a protection of a kind. */
  haveBeen(start: number, end: number, isOfKind: (protection: number) => boolean): boolean {
    return this.#told.every((told) => told.end <= start || told.start >= end || isOfKind(told.protection));
  }

  /** The calls it takes; from now on they count as made. */
  take(): readonly Protection[] {
    if (this.#wanted.length === 0) return NONE;
    const calls: Protection[] = [];
    for (const wanted of this.#wanted) {
      const others = this.#told.filter((told) =>
        told.start < wanted.end && wanted.start < told.end && told.protection !== wanted.protection
      );
      const [first] = others;
      const last = others.at(-1);
      if (first === undefined || last === undefined) continue;
      const start = Math.max(wanted.start, first.start);
      const end = Math.min(wanted.end, last.end);
      calls.push({ ...wanted, start, end });
      this.#told = laid(this.#told, { ...wanted, start, end });
    }
    this.#wanted = [];
    return calls;
  }
}

const NONE: readonly Protection[] = [];

/** The list without what lies in [start, end). */
function without(list: readonly Protection[], start: number, end: number): Protection[] {
  const rest: Protection[] = [];
  for (const piece of list) {
    if (piece.end <= start || piece.start >= end) {
      rest.push(piece);
      continue;
    }
    if (piece.start < start) rest.push({ ...piece, end: start });
    if (piece.end > end) rest.push({ ...piece, start: end });
  }
  return rest;
}

/** The list with `piece` in the place of what was there, joined with equal neighbours. */
function laid(list: readonly Protection[], piece: Protection): Protection[] {
  const result = without(list, piece.start, piece.end);
  let at = result.findIndex((other) => other.start >= piece.end);
  if (at < 0) at = result.length;
  result.splice(at, 0, piece);
  join(result, at);
  if (at > 0) join(result, at - 1);
  return result;
}

/** Makes one piece of that at `index` and its successor, if they go together. */
function join(list: Protection[], index: number): void {
  const piece = list[index]!, next = list[index + 1];
  if (next?.start !== piece.end || next.view !== piece.view || next.protection !== piece.protection) return;
  list.splice(index, 2, { ...piece, end: next.end });
}
