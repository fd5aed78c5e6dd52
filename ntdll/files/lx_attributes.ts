/**
 * WSL's metadata: mode, owner and device number of a file in the extended attributes $LXMOD, $LXUID, $LXGID and
 * $LXDEV, 4 bytes each (8 for the device). Each EA_FULL_INFORMATION entry starts on a 4-byte boundary.
 */
import { FILE_FULL_EA_INFORMATION } from "./layouts.ts";

export interface LxAttributes {
  mode?: number;
  uid?: number;
  gid?: number;
}

const NAMES = { mode: "$LXMOD", uid: "$LXUID", gid: "$LXGID" } as const;
type Key = keyof typeof NAMES;
const KEYS = Object.keys(NAMES) as Key[];

/** The list for NtSetEaFile. */
export function encodeLxAttributes(values: LxAttributes): Uint8Array<ArrayBuffer> {
  const given = KEYS.filter((key) => values[key] !== undefined);
  const sizes = given.map((key) => FILE_FULL_EA_INFORMATION.size + NAMES[key].length + 1 + 4);
  const out = new Uint8Array(sizes.reduce((sum, size) => sum + roundUp(size), 0));
  const view = new DataView(out.buffer);
  let at = 0;
  given.forEach((key, i) => {
    const last = i === given.length - 1;
    FILE_FULL_EA_INFORMATION.write(view, at, {
      NextEntryOffset: last ? 0 : roundUp(sizes[i]!),
      Flags: 0,
      EaNameLength: NAMES[key].length,
      EaValueLength: 4,
    });
    const name = at + FILE_FULL_EA_INFORMATION.size;
    new TextEncoder().encodeInto(NAMES[key], out.subarray(name));
    view.setUint32(name + NAMES[key].length + 1, values[key]!, true);
    at += roundUp(sizes[i]!);
  });
  return out;
}

/** Reads what NtQueryEaFile gave: `length` bytes of entries. Others' attributes are skipped. */
export function decodeLxAttributes(view: DataView, length: number): LxAttributes {
  const values: LxAttributes = {};
  for (let at = 0; at + FILE_FULL_EA_INFORMATION.size <= length;) {
    const entry = FILE_FULL_EA_INFORMATION.read(view, at);
    const nameAt = at + FILE_FULL_EA_INFORMATION.size;
    let name = "";
    for (let i = 0; i < entry.EaNameLength; i++) name += String.fromCharCode(view.getUint8(nameAt + i));
    const key = KEYS.find((k) => NAMES[k] === name.toUpperCase());
    if (key && entry.EaValueLength === 4) values[key] = view.getUint32(nameAt + entry.EaNameLength + 1, true);
    if (entry.NextEntryOffset === 0) break;
    at += entry.NextEntryOffset;
  }
  return values;
}

function roundUp(size: number): number {
  return (size + 3) & ~3;
}
