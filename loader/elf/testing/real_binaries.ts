/** Real programs of this machine, as far as they are there. */
import { bytesSource, type ElfSource } from "../mod.ts";

const STATIC_TESTS = new URL("../../../tests/static/", import.meta.url);

const CANDIDATES = [
  "/bin/ls",
  "/bin/bash",
  "/bin/busybox",
  "/usr/bin/python3",
  "/lib64/ld-linux-x86-64.so.2",
  "/lib/ld-linux.so.2",
  "/lib/ld-musl-x86_64.so.1",
  ...["hw", "hw.i386", "hw_pie", "hw_pie.i386"].map((name) => new URL(name, STATIC_TESTS).pathname),
];

export interface RealBinary {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly source: ElfSource;
}

export function realBinaries(): RealBinary[] {
  return CANDIDATES.filter(exists).map((path) => {
    const bytes = Deno.readFileSync(path);
    return { path, bytes, source: bytesSource(bytes) };
  });
}

export function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Standard output of a command, or undefined when it can't be run or fails. */
export function outputOf(command: string, ...args: string[]): string | undefined {
  try {
    const result = new Deno.Command(command, { args, stderr: "null" }).outputSync();
    return result.success ? new TextDecoder().decode(result.stdout) : undefined;
  } catch {
    return undefined;
  }
}
