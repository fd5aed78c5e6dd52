/**
 * Where the stub programs live. A process can only be made from a file, so they are written once, for each version of
 * their bytes, to a folder of the user's own; to %TEMP%, where security software distrusts programs, only when that
 * folder takes no file.
 */
import type { Bits } from "../kernel/host.ts";
import { buildStub } from "./stub_pe.ts";

const FOLDERS = ["LOCALAPPDATA", "TEMP"];

/** Path of the stub for `bits`, written now if it is not there. Throws when no folder takes it. */
export function stubFile(bits: Bits): string {
  const image = buildStub(bits);
  const version = fnv1a(image).toString(16).padStart(8, "0");
  const problems: string[] = [];
  for (const variable of FOLDERS) {
    const parent = Deno.env.get(variable);
    if (parent === undefined || parent === "") problems.push(`there is no %${variable}%`);
    else {
      try {
        return place(`${parent}\\atratus`, `container${bits}-${version}.exe`, image);
      } catch (error) {
        problems.push(error instanceof Error ? error.message : String(error));
      }
    }
  }
  throw new Error(`Cannot place the container program: ${problems.join("; ")}`);
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

/** Tells versions of the stub apart; node:crypto would cost more at start-up than the container does. */
function fnv1a(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
