/** Where rewritten code is kept from one run to the next. Nothing depends on it: it may lose what it was given. */
export interface CodeStore {
  /** What was saved under the name; the caller has to check that it is whole. */
  load(name: string): Uint8Array<ArrayBuffer> | undefined;
  save(name: string, bytes: Uint8Array): void;
}
