/** Names for files that are not programs of ours, so that the user learns what they are. */
import { type ElfSource, readExactly } from "./source.ts";

const PROBE_SIZE = 256;

/** Magic bytes at the beginning, and what such a file is. */
const MAGICS: readonly [magic: readonly number[], what: string][] = [
  [[0x21, 0x3c, 0x61, 0x72, 0x63, 0x68, 0x3e, 0x0a], "is a static library (ar archive)"],
  [[0xfe, 0xed, 0xfa, 0xce], "is a macOS program (Mach-O file)"],
  [[0xfe, 0xed, 0xfa, 0xcf], "is a macOS program (Mach-O file)"],
  [[0xce, 0xfa, 0xed, 0xfe], "is a macOS program (Mach-O file)"],
  [[0xcf, 0xfa, 0xed, 0xfe], "is a macOS program (Mach-O file)"],
  [[0xca, 0xfe, 0xba, 0xbe], "is a Java class or a macOS universal binary"],
  [[0x00, 0x61, 0x73, 0x6d], "is a WebAssembly module"],
  [[0x50, 0x4b, 0x03, 0x04], "is a zip archive"],
  [[0x1f, 0x8b], "is compressed with gzip"],
  [[0xef, 0xbb, 0xbf, 0x23, 0x21], "is a script with a byte order mark before its #! line"],
  [[0xff, 0xfe], "is a UTF-16 text file"],
  [[0xfe, 0xff], "is a UTF-16 text file"],
];

/** What a file is that does not begin with ELF's magic, as a clause. */
export function describeForeign(source: ElfSource): string {
  if (source.size === 0) return "is empty";
  const head = source.read(0, PROBE_SIZE);
  const startsWith = (magic: readonly number[]) => magic.every((byte, i) => head[i] === byte);
  if (startsWith([0x4d, 0x5a])) return describeMz(source, head);
  if (startsWith([0x23, 0x21])) return "is a script whose #! line names no interpreter";
  for (const [magic, what] of MAGICS) if (startsWith(magic)) return what;
  return isText(head) ? "is a text file without a #! line" : "is not an ELF file";
}

/** MZ alone is DOS; a "PE" signature where the word at 0x3c points makes it Windows. */
function describeMz(source: ElfSource, head: Uint8Array): string {
  if (head.length >= 0x40) {
    const at = new DataView(head.buffer, head.byteOffset).getUint32(0x3c, true);
    const signature = readExactly(source, at, 4);
    if (signature?.every((byte, i) => byte === [0x50, 0x45, 0, 0][i])) {
      return "is a Windows program (PE file)";
    }
  }
  return "is a DOS program (MZ file)";
}

function isText(head: Uint8Array): boolean {
  return head.every((byte) => byte >= 0x20 && byte !== 0x7f || byte >= 0x07 && byte <= 0x0d || byte === 0x1b);
}

/** Names of e_machine values that people meet. */
const MACHINES: Readonly<Record<number, string>> = {
  2: "SPARC",
  3: "i386",
  4: "68000",
  6: "i486",
  8: "MIPS",
  15: "PA-RISC",
  18: "SPARC",
  20: "PowerPC",
  21: "PowerPC64",
  22: "S/390",
  40: "ARM",
  42: "SuperH",
  43: "SPARC64",
  50: "Itanium",
  62: "x86-64",
  83: "AVR",
  94: "Xtensa",
  183: "ARM64",
  190: "CUDA",
  224: "AMD GPUs",
  243: "RISC-V",
  247: "BPF",
  258: "LoongArch",
  0x9026: "Alpha",
};

export function machineName(machine: number): string {
  return MACHINES[machine] ?? `an unknown processor (machine ${machine})`;
}
