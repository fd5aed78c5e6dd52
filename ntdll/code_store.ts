/**
 * Rewritten code on disk: one file for each image, in a folder of the user's for each build of atratus, whose rewriter
 * may differ. Files appear whole, by renaming; what cannot be read or written is done without.
 */
import type { CodeStore } from "../kernel/host_code_store.ts";

/** How much there is. */
export interface StoreInfo {
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
}

/** The folder for all builds; undefined when the user has none for such things. */
export function storeFolder(): string | undefined {
  const local = Deno.env.get("LOCALAPPDATA");
  return local === undefined || local === "" ? undefined : `${local}\\atratus\\code`;
}

/**
 * The store of this build; undefined when there is no telling which build it is, or no place for it. `onFirstRun` is
 * called when the build has had none so far.
 */
export function openCodeStore(onFirstRun: () => void): CodeStore | undefined {
  const all = storeFolder(), build = buildName();
  if (all === undefined || build === undefined) return undefined;
  const folder = `${all}\\${build}`;
  if (makeFolder(folder)) onFirstRun();
  return new DiskStore(folder);
}

export function storeInfo(folder: string): StoreInfo {
  let files = 0, bytes = 0;
  const count = (path: string) => {
    for (const { name, isDirectory } of entriesOf(path)) {
      if (isDirectory) count(`${path}\\${name}`);
      else {
        files++;
        bytes += Deno.statSync(`${path}\\${name}`).size;
      }
    }
  };
  count(folder);
  return { folder, files, bytes };
}

export function clearStore(folder: string): void {
  try {
    Deno.removeSync(folder, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** A compiled atratus is told by its file; from source, whoever starts it has to say which source it is. */
function buildName(): string | undefined {
  const named = Deno.env.get("ATRATUS_SOURCES");
  if (named !== undefined && /^\w+$/.test(named)) return `source-${named}`;
  if (!Deno.build.standalone) return undefined;
  const { size, mtime } = Deno.statSync(Deno.execPath());
  return `exe-${size.toString(16)}-${(mtime?.getTime() ?? 0).toString(16)}`;
}

class DiskStore implements CodeStore {
  constructor(private readonly folder: string) {}

  load(name: string): Uint8Array<ArrayBuffer> | undefined {
    try {
      return Deno.readFileSync(`${this.folder}\\${name}`);
    } catch {
      return undefined; // not there, or not for us: it is made again
    }
  }

  save(name: string, bytes: Uint8Array): void {
    const path = `${this.folder}\\${name}`, part = `${path}.${crypto.randomUUID()}.part`;
    try {
      Deno.mkdirSync(this.folder, { recursive: true }); // somebody may have cleared the store
      Deno.writeFileSync(part, bytes);
      Deno.renameSync(part, path);
    } catch {
      removeQuietly(part); // a full or read-only disk: the next run rewrites again
    }
  }
}

/** False when it is there already, or cannot be made. */
function makeFolder(folder: string): boolean {
  try {
    Deno.mkdirSync(folder);
    return true;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) return false;
  }
  try {
    Deno.mkdirSync(folder, { recursive: true });
    return true;
  } catch {
    return false;
  }
}

function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It was never made.
  }
}

function entriesOf(path: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(path)];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
