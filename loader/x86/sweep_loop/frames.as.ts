/// <reference path="./assembly.d.ts" />
/**
 * The loop over the FDEs of .eh_frame, for eh_frame.ts, which reads the CIEs and what is uncommon. AssemblyScript, for
 * the reason that loop.as.ts gives.
 */
import { CODE } from "./loop.as.ts";

/** Of a CIE's FDEs, as in eh_frame.ts. */
const PLAIN: i32 = 1, WITH_LSDA: i32 = 2;
/** User addresses have 47 bits. */
const MAX_ADDRESS: f64 = 140737488355328;

/** Which of these the CIE at an offset has; 0: it cannot be read. */
declare function cieForm(at: i32): i32;
/** Reads an uncommon FDE's part behind the CIE pointer, at `at`, into a row; 0 when there is nothing sound. */
declare function readOther(at: i32, cie: i32, row: i32): i32;

/**
 * Reads the `size` bytes at CODE, which are at `address`, and stores three numbers for each function, in columns of
 * `room` bytes: start, end, and the LSDA's address or 0; in ascending order. Returns how many. `wide`: addresses have 64
 * bits.
 */
export function readFrames(size: i32, address: f64, wide: boolean, columns: i32, room: i32): i32 {
  const ends = room, lsdas = room << 1;
  let row = columns, lastCie: i32 = -1, form: i32 = 0;
  for (let at: i32 = 0; at + 8 <= size;) {
    const length: i32 = load<i32>(CODE + at), body = at + 4, next = body + length;
    // 0 terminates; 64-bit DWARF (-1) is not used in .eh_frame by any known tool.
    if (length < 4 || length > size - body) break;
    at = next;
    const id: i32 = load<i32>(CODE + body);
    if (id == 0) continue;
    if (body - id != lastCie) {
      lastCie = body - id;
      form = cieForm(lastCie);
    }
    if (form == 0) continue;
    const p = body + 4;
    if (p + 13 <= size && (form == PLAIN || form == WITH_LSDA && load<u8>(CODE + p + 8) == 4)) {
      const start = wrapped(address + <f64> p + <f64> load<i32>(CODE + p), wide);
      // A null pointer is stored as 0 whatever it is relative to (Itanium C++ ABI).
      const raw: i32 = form == WITH_LSDA ? load<i32>(CODE + p + 9) : 0;
      store<f64>(row, start);
      store<f64>(row + ends, start + <f64> load<i32>(CODE + p + 4));
      store<f64>(row + lsdas, raw == 0 ? 0 : wrapped(address + <f64> (p + 9) + <f64> raw, wide));
    } else if (readOther(p, lastCie, row) == 0) continue;
    const start: f64 = load<f64>(row), end: f64 = load<f64>(row + ends);
    if (start > 0 && end > start && end <= MAX_ADDRESS) row += 8;
  }
  const count = (row - columns) >> 3;
  sort(columns, room, count);
  return count;
}

/** Puts the functions in the order of their starts, and of their ends where those are the same: a Shell sort. */
function sort(columns: i32, room: i32, count: i32): void {
  for (let gap = count >> 1; gap > 0; gap = gap == 2 ? 1 : gap * 5 / 11) {
    const step = gap << 3;
    for (let row = columns + step; row < columns + (count << 3); row += 8) {
      const start: f64 = load<f64>(row), end: f64 = load<f64>(row + room);
      let to = row - step;
      if (!isBehind(to, room, start, end)) continue;
      const lsda: f64 = load<f64>(row + (room << 1));
      for (; to >= columns && isBehind(to, room, start, end); to -= step) {
        store<f64>(to + step, load<f64>(to));
        store<f64>(to + step + room, load<f64>(to + room));
        store<f64>(to + step + (room << 1), load<f64>(to + (room << 1)));
      }
      store<f64>(to + step, start);
      store<f64>(to + step + room, end);
      store<f64>(to + step + (room << 1), lsda);
    }
  }
}

function isBehind(row: i32, room: i32, start: f64, end: f64): boolean {
  const other: f64 = load<f64>(row);
  return other > start || other == start && load<f64>(row + room) > end;
}

function wrapped(address: f64, wide: boolean): f64 {
  if (wide) return address;
  if (address < 0) return address + 4294967296.0;
  return address >= 4294967296.0 ? address - 4294967296.0 : address;
}
