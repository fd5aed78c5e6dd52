/** What is measured, and how much slower than native Linux it may be. */

export interface BenchCase {
  /** The word that the program is given. */
  readonly name: string;
  readonly program: "ubench" | "cpu" | "cpu_protected";
  /** Further lines that the program prints for it, as cases of their own. */
  readonly also?: readonly string[];
  /** At most this many times native. */
  readonly target?: number;
  /** At most this many milliseconds. */
  readonly limit?: number;
  /** Multiplies how often the program repeats; natively it takes well under a second. */
  readonly scale?: number;
}

export const CASES: readonly BenchCase[] = [
  { name: "getppid", program: "ubench", target: 3, scale: 10 },
  { name: "clock", program: "ubench", target: 3, scale: 10 },
  { name: "read1", program: "ubench", target: 5, scale: 10 },
  { name: "pread4k", program: "ubench", target: 8, scale: 4, also: ["pread64k"] },
  { name: "openclose", program: "ubench" },
  { name: "stat", program: "ubench" },
  { name: "mmap", program: "ubench" },
  { name: "pipe", program: "ubench", target: 10 },
  { name: "pipebw", program: "ubench", target: 3 },
  { name: "fork", program: "ubench", limit: 3, scale: 4 },
  { name: "exec", program: "ubench", limit: 5, scale: 4 },
  { name: "vfork", program: "ubench", limit: 5, scale: 4 },
  { name: "hash", program: "cpu", target: 1.03 },
  { name: "sort", program: "cpu", target: 1.03 },
  { name: "float", program: "cpu", target: 1.03 },
  { name: "protector", program: "cpu_protected", target: 1.15 },
  { name: "errno", program: "cpu_protected", target: 1.15 },
];

/** The time to the first byte of `hw`, against deno.exe running an empty script. */
export const START = "start";

export const ABIS = ["x86_64", "i386"] as const;
export type Abi = typeof ABIS[number];

export function suffix(abi: Abi): string {
  return abi === "i386" ? ".i386" : "";
}
