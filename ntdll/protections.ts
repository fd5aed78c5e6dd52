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
  /** What Windows has been told, all of every view. */
  readonly #told = new Pieces();
  readonly #wanted = new Pieces();

  /** A view has been mapped, all of it with `protection`. */
  mapped(start: number, end: number, protection: number): void {
    this.#told.put(start, end, start, protection);
  }

  unmapped(start: number, end: number): void {
    this.#told.remove(start, end);
    this.#wanted.remove(start, end);
  }

  /** [start, end), which is mapped, is to be protected so. */
  want(start: number, end: number, protection: number): void {
    const { list } = this.#told, wanted = this.#wanted;
    for (let at = this.#told.indexAfter(start); at < list.length && list[at]!.start < end; at++) {
      const told = list[at]!, from = Math.max(start, told.start), to = Math.min(end, told.end);
      if (told.protection !== protection || wanted.overlap(from, to)) {
        wanted.put(from, to, told.view, protection);
      }
    }
  }

  /** The guest has protected [start, end), which is mapped, so by itself. */
  made(start: number, end: number, protection: number): void {
    const { list } = this.#told;
    this.#wanted.remove(start, end);
    for (let at = start; at < end;) {
      const told = list[this.#told.indexAfter(at)]!, to = Math.min(end, told.end);
      this.#told.put(at, to, told.view, protection);
      at = to;
    }
  }

  /** Whether all of [start, end), which is mapped, has been told a protection of a kind. */
  haveBeen(start: number, end: number, isOfKind: (protection: number) => boolean): boolean {
    const { list } = this.#told;
    for (let at = this.#told.indexAfter(start); at < list.length && list[at]!.start < end; at++) {
      if (!isOfKind(list[at]!.protection)) return false;
    }
    return true;
  }

  /** The calls it takes; from now on they count as made. */
  take(): readonly Protection[] {
    const wishes = this.#wanted.list;
    if (wishes.length === 0) return NONE;
    const calls: Protection[] = [];
    for (const wish of wishes) {
      const start = this.#firstOther(wish);
      if (start === undefined) continue;
      const call = { ...wish, start, end: this.#endOfOthers(wish) };
      calls.push(call);
      this.#told.put(call.start, call.end, wish.view, wish.protection);
    }
    wishes.length = 0;
    return calls;
  }

  /** Where what has not been told yet begins; undefined when all has. */
  #firstOther({ start, end, protection }: Protection): number | undefined {
    const { list } = this.#told;
    let at = this.#told.indexAfter(start);
    while (at < list.length && list[at]!.start < end && list[at]!.protection === protection) at++;
    const other = list[at];
    return other === undefined || other.start >= end ? undefined : Math.max(start, other.start);
  }

  #endOfOthers({ end, protection }: Protection): number {
    const { list } = this.#told;
    let at = this.#told.indexAfter(end - 1);
    while (list[at]!.protection === protection) at--;
    return Math.min(end, list[at]!.end);
  }
}

const NONE: readonly Protection[] = [];

/** Ascending and disjoint; equal neighbours of one view are one. */
class Pieces {
  readonly list: Protection[] = [];

  /** Of the first piece that ends behind `address`. */
  indexAfter(address: number): number {
    const { list } = this;
    let low = 0, high = list.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (list[middle]!.end > address) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  overlap(start: number, end: number): boolean {
    const next = this.list[this.indexAfter(start)];
    return next !== undefined && next.start < end;
  }

  remove(start: number, end: number): void {
    this.#replace(start, end);
  }

  /** In the place of what was there. */
  put(start: number, end: number, view: number, protection: number): void {
    this.#replace(start, end, { start, end, view, protection });
  }

  #replace(start: number, end: number, piece?: Protection): void {
    const { list } = this;
    const from = this.indexAfter(start);
    let to = from;
    while (to < list.length && list[to]!.start < end) to++;
    const first = list[from], last = list[to - 1];
    const rest: Protection[] = [];
    if (to > from && first!.start < start) rest.push({ ...first!, end: start });
    if (piece !== undefined) rest.push(piece);
    if (to > from && last!.end > end) rest.push({ ...last!, start: end });
    list.splice(from, to - from, ...rest);
    for (let at = Math.min(from + rest.length, list.length - 1); at >= Math.max(from, 1); at--) {
      this.#join(at - 1);
    }
  }

  /** Makes one piece of that at `index` and its successor, if they go together. */
  #join(index: number): void {
    const piece = this.list[index]!, next = this.list[index + 1]!;
    if (next.start !== piece.end || next.view !== piece.view || next.protection !== piece.protection) return;
    this.list.splice(index, 2, { ...piece, end: next.end });
  }
}
