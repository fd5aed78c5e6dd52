/**
 * Rewritten program files and libraries in memory, so that running or loading one again costs views of its pages and
 * not another rewrite. The least recently used go when there are too many bytes; their users keep the pages.
 */
import { type ElfImage, type ImageSource, LoadError, readElf } from "../../loader/elf/mod.ts";
import { Errno } from "../abi/errno.ts";
import type { OpenFile } from "../fs/open_file.ts";
import { Stat } from "../fs/stat.ts";
import type { Host } from "../host.ts";
import type { CodeStore } from "../host_code_store.ts";
import type { Engine } from "./engine.ts";
import type { MemoryLayout } from "../mm/layout.ts";
import { ModulePlaces } from "../mm/module_places.ts";
import { VdsoCache } from "./map_vdso.ts";
import { Module } from "./module.ts";

/** Bytes of file contents and original code that are kept. */
const CAPACITY = 0x1000_0000;

/** A file whose contents may have been seen before. */
export interface ModuleFile {
  /** Tells this state of the file from every other, as far as its attributes can. */
  readonly identity: string;
  readonly source: ImageSource;
}

export class ModuleCache {
  readonly vdso = new VdsoCache();
  readonly #host: Host;
  readonly #places = new Map<MemoryLayout, ModulePlaces>();
  /** In the order of use, the latest last. */
  readonly #modules = new Map<string, Module>();
  #size = 0;

  constructor(host: Host, readonly engine: Engine, private readonly store: CodeStore | undefined) {
    this.#host = host;
  }

  /** Where modules go in address spaces of a layout. */
  places(layout: MemoryLayout): ModulePlaces {
    let places = this.#places.get(layout);
    if (places === undefined) this.#places.set(layout, places = new ModulePlaces(layout));
    return places;
  }

  /** `trampolines`: their file address, when it is not to be behind the image. ENOMEM. */
  get({ identity, source }: ModuleFile, image: ElfImage, trampolines?: number): Module | Errno {
    const key = trampolines === undefined ? identity : `${identity} ${trampolines}`;
    const known = this.#modules.get(key);
    const module = known ?? Module.create(this.#host, this.engine, image, source, trampolines, this.store);
    if (module instanceof Errno) return module;
    this.#modules.delete(key);
    this.#modules.set(key, module);
    if (known === undefined) this.#makeRoom(module.size);
    return module;
  }

  /** What is known of the program file or library with an identity. */
  imageOf(identity: string): ElfImage | undefined {
    return this.#modules.get(identity)?.image;
  }

  /** The module of an open file; undefined when it is no ELF file that could be executed. */
  open(file: OpenFile, trampolines?: number): Module | Errno | undefined {
    const found = identify(file);
    if (found === undefined) return undefined;
    const known = this.#modules.get(found.identity);
    if (known !== undefined) return this.get(found, known.image, trampolines);
    const image = readElf(found.source, "any");
    return image instanceof LoadError ? undefined : this.get(found, image, trampolines);
  }

  #makeRoom(size: number): void {
    this.#size += size;
    for (const [key, module] of this.#modules) {
      if (this.#size <= CAPACITY || this.#modules.size === 1) return;
      this.#modules.delete(key);
      this.#size -= module.size;
      module[Symbol.dispose]();
    }
  }
}

/** The identity and contents of an open file; undefined when it has none that can be read. */
export function identify(file: OpenFile): ModuleFile | undefined {
  const stat = new Stat();
  if (file.stat(stat) !== 0) return undefined;
  return { identity: identityOf(stat), source: fileSource(file, stat.size) };
}

export function identityOf({ dev, ino, size, mtime, mtimeNsec, ctime, ctimeNsec }: Stat): string {
  return [dev, ino, size, mtime, mtimeNsec, ctime, ctimeNsec].join(" ");
}

export function fileSource(file: OpenFile, size: number): ImageSource {
  return {
    size,
    read(offset, length) {
      const into = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      const count = file.pread(into, offset);
      return typeof count === "number" ? into.subarray(0, count) : into.subarray(0, 0);
    },
    readInto: (into, offset) => readThrough(file, into, offset),
  };
}

/** Bytes read at once. */
const STEP = 65536;
let buffer: Uint8Array<ArrayBuffer> | undefined;

/**
 * Reads into memory that nobody has touched yet, by way of some that is in use: what reads a file looks at each page of
 * where it is to go before it reads, so that new ones take it half as long again.
 */
function readThrough(file: OpenFile, into: Uint8Array<ArrayBuffer>, offset: number): number {
  buffer ??= new Uint8Array(STEP);
  let done = 0;
  while (done < into.length) {
    const count = file.pread(buffer.subarray(0, Math.min(STEP, into.length - done)), offset + done);
    if (typeof count !== "number" || count === 0) break;
    into.set(buffer.subarray(0, count), done);
    done += count;
  }
  return done;
}
