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
/** Reads an uncommon FDE's part behind the CIE pointer, at `at`, into the record; 0 when there is nothing sound. */
declare function readOther(at: i32, cie: i32, record: i32): i32;

/**
 * Reads the `size` bytes at CODE, which are at `address`, and stores a record of three numbers for each function: start,
 * end, and the LSDA's address or 0. Returns how many. `wide`: addresses have 64 bits.
 */
export function readFrames(size: i32, address: f64, wide: boolean, records: i32): i32 {
  const first = records;
  let lastCie: i32 = -1, form: i32 = 0;
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
      store<f64>(records, start);
      store<f64>(records + 8, start + <f64> load<i32>(CODE + p + 4));
      store<f64>(records + 16, raw == 0 ? 0 : wrapped(address + <f64> (p + 9) + <f64> raw, wide));
    } else if (readOther(p, lastCie, records) == 0) continue;
    const start: f64 = load<f64>(records), end: f64 = load<f64>(records + 8);
    if (start > 0 && end > start && end <= MAX_ADDRESS) records += 24;
  }
  return (records - first) / 24;
}

function wrapped(address: f64, wide: boolean): f64 {
  if (wide) return address;
  if (address < 0) return address + 4294967296.0;
  return address >= 4294967296.0 ? address - 4294967296.0 : address;
}
