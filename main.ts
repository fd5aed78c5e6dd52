/**
 * atratus: runs unmodified Linux programs on Windows. This file is the command line, and the one place where the
 * kernel meets Windows.
 */
import denoJson from "./deno.json" with { type: "json" };
import { EI_CLASS, ELFCLASS32, ELFMAG } from "./kernel/abi/elf.ts";
import { Errno } from "./kernel/abi/errno.ts";
import { encodeName } from "./kernel/abi/names.ts";
import type { Bits } from "./kernel/host.ts";
import type { CodeStore } from "./kernel/host_code_store.ts";
import type { ExitStatus } from "./kernel/task/family.ts";
import { openHostFiles } from "./ntdll/files/nt_host_files.ts";
import { ntSystem } from "./ntdll/system.ts";
import { openCodeStore } from "./ntdll/code_store.ts";
import { NtClock } from "./ntdll/clock.ts";
import { NtHost } from "./ntdll/nt_host.ts";
import { Stretch } from "./ntdll/stretch.ts";
import { openWindowsLibraries, type WindowsLibraries } from "./ntdll/symbols.ts";
import { gateJump } from "./ntdll/gate_page.ts";
import { threadSlots } from "./ntdll/teb.ts";

const USAGE = "usage: atratus prog [args...]   (atratus --help tells more)";

/** What a shell answers: wrong use, not executable, not found; and EX_SOFTWARE for our own failures. */
const STATUS_USAGE = 2;
const STATUS_NOT_EXECUTABLE = 126;
const STATUS_NOT_FOUND = 127;
const STATUS_BUG = 70;

const ENGINES = ["gate", "trap"] as const;

/** Options that run nothing. As a program's own they only cost the head start. */
const ABOUT_ATRATUS: readonly string[] = ["--help", "-h", "--version", "-V"];
/** Words among which a program's name is looked for. */
const MOST_OPTIONS = 12;

const SUBCOMMAND_HELP = `
Also:
  atratus inspect [--json] FILE  what is in a program, and what atratus can make of it
  atratus doctor                 what this machine can do for atratus
  atratus cache info|clear       rewritten code that is kept from one run to the next
A program of such a name is run as ./inspect, ./doctor or ./cache.`;

interface Options {
  /** `--trace`: "-" is stderr, "summary" a table at the end. */
  readonly trace?: string;
  readonly env?: readonly string[];
  readonly chdir?: string;
  readonly root?: string;
  /** `--no-aslr` makes it false. */
  readonly aslr?: boolean;
  /** `--no-cache` makes it false. */
  readonly cache?: boolean;
  readonly engine?: typeof ENGINES[number];
}

interface CommandLine {
  readonly options: Options;
  readonly program: string;
  readonly args: readonly string[];
}

/** What Windows gives to a kernel. */
interface Machine {
  readonly libraries: WindowsLibraries;
  readonly host: NtHost;
  readonly codeStore: CodeStore | undefined;
}

/** A wrong command line or a program that cannot run: one line for the user and a status. */
class UserError extends Error {
  constructor(message: string, readonly status: number) {
    super(message);
  }
}

/** The common case, `atratus prog args`, loads no option parser. */
async function readCommandLine(words: readonly string[]): Promise<CommandLine> {
  const [program = "", ...args] = words;
  return isOption(program) ? await parseOptions(words) : { options: {}, program, args };
}

function isOption(word: string | undefined): boolean {
  return word?.startsWith("-") ?? false;
}

async function parseOptions(words: readonly string[]): Promise<CommandLine> {
  const { Command, CommanderError, Option } = await import("commander");
  const command = new Command("atratus")
    .description("Runs Linux programs (ELF, i386 and x86-64) on Windows.")
    .usage("[options] prog [args...]")
    .argument("<prog>", "the program: a Windows path, a POSIX one, or a name in the program's PATH")
    .argument("[args...]", "its arguments")
    .option(
      "--trace [=FILE]",
      "print system calls as strace does, to stderr or FILE; FILE summary: count them",
    )
    .option("--env <K=V>", "set a variable for the program; may be repeated", collect)
    .option("--chdir <DIR>", "start in DIR")
    .option("--root <DIR>", "make DIR the program's root directory")
    .option("--no-aslr", "load programs at the same addresses in every run")
    .option("--no-cache", "do not use rewritten code of earlier runs, nor keep it")
    .addOption(new Option("--engine <NAME>", "how system calls reach the kernel").choices(ENGINES))
    .addHelpText("after", SUBCOMMAND_HELP)
    .version(`atratus ${denoJson.version}`)
    .passThroughOptions()
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  try {
    // `--trace prog`: the file is optional, and only `=` gives one.
    command.parse(words.map((word) => word === "--trace" ? "--trace=-" : word), { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) Deno.exit(0);
    throw new UserError(`atratus: ${error.message.replace(/^error: /, "")}; ${USAGE}`, STATUS_USAGE);
  }
  const [program, ...args] = command.args;
  return { options: command.opts<Options>(), program: program!, args };
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  if (!/^[^=]+=/.test(value)) {
    throw new UserError(`atratus: --env wants NAME=VALUE, not ${value}`, STATUS_USAGE);
  }
  return [...before, value];
}

/** Runs the program of the command line and returns how it ended. */
async function run(words: readonly string[]): Promise<ExitStatus> {
  const libraries = openWindowsLibraries();
  const host = new NtHost(libraries);
  // Windows takes its time to start a process: meanwhile options are read, and the kernel is loaded.
  if (!words.some((word) => ABOUT_ATRATUS.includes(word))) void host.prepareContainer(likelyBits(words));
  // Before anything is awaited: what the first run of an executable loads later Deno does not keep compiled.
  const kernel = import("./kernel/mod.ts");
  try {
    const command = await readCommandLine(words);
    const codeStore = command.options.cache === false ? undefined : openCodeStore(keepOptionParser);
    return await boot(command, { libraries, host, codeStore }, await kernel);
  } finally {
    await host.finish();
  }
}

/**
 * For what kind of program a container is likely to be needed: the first word that is one tells. There may be none, as
 * for a script, or for what lies in a root of its own.
 */
function likelyBits(words: readonly string[]): Bits {
  const places = isOption(words[0]) ? words.slice(1, MOST_OPTIONS) : words.slice(0, 1);
  for (const place of places) {
    const kind = isOption(place) ? undefined : elfClass(place);
    if (kind !== undefined) return kind === ELFCLASS32 ? 32 : 64;
  }
  return 64;
}

/** EI_CLASS of a program's file; undefined for anything else. */
function elfClass(path: string): number | undefined {
  const head = new Uint8Array(EI_CLASS + 1);
  try {
    using file = Deno.openSync(path);
    if (!file.isTerminal()) file.readSync(head); // CON is a file name on Windows
  } catch {
    // Whoever looks for the program says what is wrong with it.
  }
  return ELFMAG.every((byte, i) => head[i] === byte) ? head[EI_CLASS] : undefined;
}

/** Boots a kernel with the program as its first process and returns how that ended. */
async function boot(
  { options, program, args }: CommandLine,
  { libraries, host, codeStore }: Machine,
  {
    createEngine,
    createNamespace,
    FdTable,
    FsContext,
    guestEnvironment,
    Kernel,
    LoadError,
    mountKernelFiles,
    openStandardFiles,
    searchPath,
    startInit,
    Tracer,
    TraceSummary,
    walk,
  }: typeof import("./kernel/mod.ts"),
): Promise<ExitStatus> {
  const clock = new NtClock(libraries.nt);
  host.watchConsole();
  const hostFiles = openHostFiles(host.stretch, (milliseconds, act) => void kernel.later(milliseconds, act));
  const summary = options.trace === "summary" ? new TraceSummary(() => performance.now()) : undefined;
  const kernel = new Kernel({
    host,
    clock,
    vdso: clock,
    system: ntSystem(libraries),
    engine: createEngine(options.engine ?? "gate", host),
    randomize: options.aslr ?? true,
    codeStore,
    tracer: options.trace === undefined
      ? undefined
      : summary ?? new Tracer({ sink: openTrace(options.trace) }),
    report: (line) => console.error(line),
    onPanic,
  });

  const bootTime = Math.floor(Date.now() / 1000);
  const root = options.root === undefined ? undefined : hostFiles.userPath(options.root);
  if (options.root !== undefined && root === undefined) {
    throw new UserError(`atratus: --root ${options.root}: is not on a drive`, STATUS_USAGE);
  }
  const namespace = createNamespace({ host: hostFiles, root, bootTime });
  mountKernelFiles(namespace, kernel);
  const files = new FdTable();
  namespace.terminal = openStandardFiles(hostFiles, files, kernel, bootTime);
  const top = new FsContext(namespace.root, namespace.root);
  const exists = (path: string) => !(walk(top, namespace.root, path, true) instanceof Errno);
  const cwdPath = namespace.guestPathOf(options.chdir ?? ".", exists) ?? "/";
  const cwd = walk(top, namespace.root, cwdPath, true);
  if (cwd instanceof Errno || !cwd.inode.isDirectory) {
    throw new UserError(`atratus: --chdir ${options.chdir ?? "."}: is not a directory here`, STATUS_USAGE);
  }
  const envp = guestEnvironment(Deno.env.toObject(), options.env ?? []);
  const isFile = (path: string) => {
    const found = walk(top, cwd, path, true);
    return !(found instanceof Errno) && found.inode.isRegular;
  };
  const named = namespace.guestPathOf(program, exists);
  const path = named !== undefined && isFile(named) ? named : searchPath(program, envp, isFile) ?? named;
  if (path === undefined) throw new UserError(`atratus: ${program}: is not on a drive`, STATUS_NOT_FOUND);

  const started = await startInit(kernel, {
    path,
    argv: [program, ...args].map(encodeName),
    envp: envp.map(encodeName),
    files,
    fs: new FsContext(namespace.root, cwd),
  });
  if (started instanceof LoadError) {
    const status = exists(path) ? STATUS_NOT_EXECUTABLE : STATUS_NOT_FOUND;
    throw new UserError(`atratus: ${program}: ${started.reason}`, status);
  }
  const ended = await kernel.run();
  for (const line of summary?.lines() ?? []) console.error(line);
  return ended;
}

/** Deno keeps the compiled form of what the first run of an executable loads at once, and of nothing else. */
function keepOptionParser(): void {
  if (Deno.build.standalone) import("commander").catch(() => {}); // whoever gives options is told
}

/** A sink for trace lines. A file is written as it goes, so that a crash leaves what came before it. */
function openTrace(target: string): (line: string) => void {
  if (target === "-") return (line) => console.error(line);
  const encoder = new TextEncoder();
  try {
    const file = Deno.openSync(target, { write: true, create: true, truncate: true });
    return (line) => void file.writeSync(encoder.encode(line + "\n"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`atratus: --trace=${target}: cannot be written: ${reason}`, STATUS_USAGE);
  }
}

function onPanic(error: unknown, context: string): never {
  console.error(`atratus: internal error in ${context}`);
  console.error(error);
  Deno.exit(STATUS_BUG);
}

/** Loaded when they are asked for, so that no program waits for them. */
const SUBCOMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  async inspect(args) {
    const { runInspect } = await import("./kernel/inspect/mod.ts");
    return runInspect(args, { threadSlots, gateJump });
  },
  async cache([what, ...rest]) {
    const { clearStore, storeFolder, storeInfo } = await import("./ntdll/code_store.ts");
    const folder = storeFolder();
    if (rest.length > 0 || what !== "info" && what !== "clear") {
      throw new UserError("usage: atratus cache info|clear", STATUS_USAGE);
    }
    if (folder === undefined) {
      throw new UserError("atratus: there is no folder for it (LOCALAPPDATA)", STATUS_BUG);
    }
    if (what === "clear") clearStore(folder);
    const { files, bytes } = storeInfo(folder);
    console.log(`${folder}: ${files} files, ${Math.ceil(bytes / 1024)} KiB`);
    return 0;
  },
  async doctor() {
    const { runDoctor } = await import("./ntdll/doctor/mod.ts");
    const { SelfTest } = await import("./kernel/selftest/mod.ts");
    const libraries = openWindowsLibraries();
    const patient = new SelfTest(() => ({
      host: new NtHost(libraries),
      files: openHostFiles(new Stretch()),
      clock: new NtClock(libraries.nt),
      system: ntSystem(libraries),
    }));
    return await runDoctor(patient, (line) => console.log(line));
  },
};

/** The subcommand that the first word is, if it is one. A program of that name is `./inspect`. */
function subcommand([first = ""]: readonly string[]) {
  return Object.hasOwn(SUBCOMMANDS, first) ? SUBCOMMANDS[first] : undefined;
}

/** Runs the command line and returns the status to exit with. */
async function main(words: readonly string[]): Promise<number> {
  try {
    if (words.length === 0) throw new UserError(USAGE, STATUS_USAGE);
    const command = subcommand(words);
    if (command !== undefined) return await command(words.slice(1));
    const ended = await run(words);
    return "code" in ended ? ended.code : 128 + ended.signal;
  } catch (error) {
    if (error instanceof UserError) {
      console.error(error.message);
      return error.status;
    }
    if (Deno.build.os !== "windows") {
      console.error("atratus: needs Windows, or Wine: on Linux use scripts/atratus.sh");
      return STATUS_BUG;
    }
    console.error(error instanceof Error ? `atratus: ${error.message}` : error);
    return STATUS_BUG;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
