/** The files that an address space has mapped: it holds one reference for all mappings of a file. */
import type { OpenFile } from "../fs/open_file.ts";

export class HeldFiles {
  readonly #files = new Set<OpenFile>();

  hold(file: OpenFile | undefined): void {
    if (file !== undefined && !this.#files.has(file)) this.#files.add(file.retain());
  }

  /** The last mapping of a file is gone. */
  drop(file: OpenFile): void {
    if (this.#files.delete(file)) file.release();
  }

  /** All mappings are gone: what was stored in shared ones is written back. */
  dropAll(): void {
    for (const file of this.#files) {
      file.syncPages();
      file.release();
    }
    this.#files.clear();
  }
}
