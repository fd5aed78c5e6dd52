/// <reference path="./assembly.d.ts" />
/** Instructions by their bytes, for form_cache.ts. AssemblyScript, for the reason that loop.as.ts gives. */
import { CODE } from "./loop.as.ts";

/** As in layout.ts. */
const BUCKETS: i32 = 1024, MOST: i32 = 4096;
/** An entry: the number of the one before in its bucket plus 1, or 0; where the instruction stands; its length. */
const ENTRY_SIZE: i32 = 12;

let headsAt: i32 = 0, entriesAt: i32 = 0, count: i32 = 0;

/** At `place` is room for them, which is zero. */
export function setForms(place: i32): void {
  headsAt = place;
  entriesAt = place + (BUCKETS << 2);
}

/** The number of the newest instruction of the same bytes as the one at `at`, or -1. */
export function findForm(at: i32, length: i32): i32 {
  let number: i32 = load<i32>(bucket(at, length));
  while (number != 0 && !matches(entriesAt + (number - 1) * ENTRY_SIZE, at, length)) {
    number = load<i32>(entriesAt + (number - 1) * ENTRY_SIZE);
  }
  return number - 1;
}

/** Remembers it; returns its number, which is that of the one before plus 1, or -1 if there is no room. */
export function addForm(at: i32, length: i32): i32 {
  if (count == MOST) return -1;
  const entry = entriesAt + count * ENTRY_SIZE, head = bucket(at, length);
  store<i32>(entry, load<i32>(head));
  store<i32>(entry + 4, at);
  store<i32>(entry + 8, length);
  store<i32>(head, ++count);
  return count - 1;
}

/** Behind the code there is room to read past its end. */
function bucket(at: i32, length: i32): i32 {
  const p = CODE + at;
  const hash = length < 4
    ? (load<i32>(p) & 0xffffff) >> 8
    : (load<i32>(p) ^ load<i32>(p + length - 4) * 5 ^ length) >> 8;
  return headsAt + ((hash & BUCKETS - 1) << 2);
}

function matches(entry: i32, at: i32, length: i32): boolean {
  if (load<i32>(entry + 8) != length) return false;
  const other: i32 = CODE + load<i32>(entry + 4), p = CODE + at;
  for (let i: i32 = 0; i < length; i++) if (load<u8>(other + i) != load<u8>(p + i)) return false;
  return true;
}
