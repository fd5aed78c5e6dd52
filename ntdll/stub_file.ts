/**
 * Where the stub programs live. A process can only be made from a file, so they are written once, for each version of
 * their bytes, to a folder of the user's own; to %TEMP%, where security software distrusts programs, only when that
 * folder takes no file.
 */
import type { Bits } from "../kernel/host.ts";
import { buildStub } from "./stub_pe.ts";

const FOLDERS = ["LOCALAPPDATA", "TEMP"] as const;

/** Where the stub for `bits` is, unless nobody has put it there yet or its folder takes no file. */
export function expectedStub(bits: Bits): string | undefined {
  const parent = Deno.env.get(FOLDERS[0]);
  return parent ? `${parent}\\atratus\\${nameOf(bits, buildStub(bits))}` : undefined;
}

/** Path of the stub for `bits`, written now if it is not there. Throws when no folder takes it. */
export function placeStub(bits: Bits): string {
  const image = buildStub(bits);
  const problems: string[] = [];
  for (const variable of FOLDERS) {
    const parent = Deno.env.get(variable);
    if (parent === undefined || parent === "") problems.push(`there is no %${variable}%`);
    else {
      try {
        return place(`${parent}\\atratus`, nameOf(bits, image), image);
      } catch (error) {
        problems.push(error instanceof Error ? error.message : String(error));
      }
    }
  }
  throw new Error(`Cannot place the container program: ${problems.join("; ")}`);
}

function nameOf(bits: Bits, image: Uint8Array<ArrayBuffer>): string {
  return `container${bits}-${hash(image).toString(16).padStart(8, "0")}.exe`;
}

function place(folder: string, name: string, image: Uint8Array): string {
  const path = `${folder}\\${name}`;
  if (holds(path, image)) return path;
  Deno.mkdirSync(folder, { recursive: true });
  const unfinished = `${path}.${Deno.pid}`;
  Deno.writeFileSync(unfinished, image);
  try {
    Deno.renameSync(unfinished, path);
  } catch (cause) {
    Deno.removeSync(unfinished); // another atratus was faster, and its copy is running
    if (!holds(path, image)) throw cause;
  }
  return path;
}

function holds(path: string, image: Uint8Array): boolean {
  try {
    const there = Deno.readFileSync(path);
    return there.length === image.length && there.every((byte, i) => byte === image[i]);
  } catch {
    return false;
  }
}

/** Tells versions of the stub apart: FNV-1a over words, as its size is a multiple of its file alignment. */
function hash(bytes: Uint8Array<ArrayBuffer>): number {
  let hash = 0x811c9dc5;
  for (const word of new Uint32Array(bytes.buffer)) hash = Math.imul(hash ^ word, 0x01000193) >>> 0;
  return hash;
}
