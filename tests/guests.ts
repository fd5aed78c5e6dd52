/** What the guest suite runs: each program once without arguments, but those listed here as they say. */

/** The ABI, and a C library other than glibc. */
export type Build = "x86_64" | "i386" | "musl";

/** One run of a guest program, in an empty folder with a copy of the program. */
export interface GuestCase {
  /** Folder and name under tests/, without `.i386` or `.musl`. */
  readonly program: string;
  readonly args?: readonly string[];
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Files made in the folder beforehand. */
  readonly files?: Readonly<Record<string, string>>;
  /** Of tests/dynamic/lib/BUILD: copied into the folder, too, where the dynamic linker looks for them. */
  readonly libraries?: readonly string[];
  /** Those that make sense; all there are unless said otherwise. */
  readonly builds?: readonly Build[];
  /** Starts with this machine's root as its own, to find the C library's data files. Not on Windows. */
  readonly hostRoot?: boolean;
  /** All of ENGINES unless said otherwise. */
  readonly engines?: readonly string[];
  /** It makes 32-bit system calls from 64-bit code. */
  readonly compat?: boolean;
  /** What is compared with native Linux besides the exit status; everything unless said otherwise. */
  readonly stdout?: "same" | "any";
}

/** The engines of atratus that every case runs under. */
export const ENGINES: readonly string[] = ["gate", "trap"];

const text = "one\ntwo\r\n\tthree, no newline at the end";

export const CASES: readonly GuestCase[] = [
  { program: "static/args" },
  { program: "static/int80", compat: true },
  {
    program: "static/args",
    args: ["one", "", "two words", 'a "quote"', "back\\slash\\", "-x", "--", "*", "%PATH%", "é€😀"],
    env: { TEST_ONE: "1", TEST_TWO: "two words = 2" },
  },
  { program: "static/args_pie", args: ["a", "b"], env: { TEST_ONE: "1" } },
  { program: "static/echo" },
  { program: "static/echo", args: ["hello", "world"] },
  { program: "static/echo", args: ["-n", "no newline"] },
  { program: "static/cat" },
  { program: "static/cat", stdin: text },
  { program: "static/cat", stdin: text.repeat(10_000) },
  {
    program: "static/cat",
    args: ["a", "-", "b.txt"],
    stdin: text,
    files: { a: "in a\n", "b.txt": "in b\n" },
  },
  { program: "static/cat", args: ["missing", "a", "."], files: { a: "in a\n" } },
  { program: "static/dir" },
  { program: "static/dir", args: ["."], files: { a: "", "B.txt": "b", ".hidden": "", "spa ce": "" } },
  { program: "static/dir", args: ["missing"] },
  ...["0", "1", "7", "126", "255", "256", "-1"].map((status) => ({ program: "static/exit", args: [status] })),
  {
    program: "guest/getopt",
    args: ["-a", "--beta=2", "rest", "-b", "3", "--gamma", "--gam=x", "-c", "-cy", "--nope", "-z"],
  },
  { program: "guest/getopt", args: ["-ab", "x", "--", "-a"] },
  { program: "guest/environ", args: ["a", "", "b c", "\t"], env: { TEST_ONE: "1", TEST_EMPTY: "" } },
  // A call costs the debug object a thousand times what it costs the gate.
  { program: "guest/gate_stress", args: ["3", "20000"], engines: ["gate"] },
  { program: "guest/gate_stress", args: ["3", "500"], engines: ["trap"] },
  { program: "guest/process_tree" },
  { program: "guest/process_tree", args: ["80"], builds: ["i386"] },
  { program: "guest/poll_input" },
  { program: "guest/poll_input", stdin: text.repeat(10_000) },
  { program: "guest/locale", hostRoot: true },
  { program: "guest/wide_io", hostRoot: true },
  { program: "guest/stdio_scan", stdin: text.repeat(50) },
  { program: "guest/cxx_library", stdin: text },
  {
    program: "dynamic/args",
    args: ["one", "", "two words", "é€😀"],
    env: { TEST_ONE: "1", TEST_TWO: "two words = 2" },
  },
  { program: "dynamic/args_no_pie", args: ["a"] },
  { program: "dynamic/getopt", args: ["-a", "-bx", "-b", "y", "-cz", "-c", "-q", "rest", "-a"] },
  {
    program: "dynamic/getopt_long",
    args: ["-a", "--beta=2", "rest", "--gamma", "--gam=x", "-alpha", "--delta", "--nope", "--", "-a"],
  },
  { program: "dynamic/ifunc", libraries: ["libifunc.so"] },
  { program: "dynamic/ifunc", libraries: ["libifunc.so"], env: { LD_BIND_NOW: "1" } },
  { program: "dynamic/constructors", libraries: ["libsays.so", "libextra.so"] },
  { program: "dynamic/dlopen_tls", libraries: ["libtls.so"] },
  { program: "dynamic/library_views", libraries: ["libtls.so"] },
  { program: "dynamic/stale_library", libraries: ["libtls.so"] },
  { program: "dynamic/preload" },
  { program: "dynamic/preload", libraries: ["libpreload.so"], env: { LD_PRELOAD: "./libpreload.so" } },
  { program: "dynamic/cxx_exceptions", libraries: ["libshape.so"] },
  { program: "dynamic/text_relocations", libraries: ["libtext.so"] },
];
