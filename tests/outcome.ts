/** Runs guests, natively and under atratus. */
import { fileTree } from "./file_tree.ts";

export interface Outcome {
  readonly stdout: string;
  /** As a shell says it: 128 and the signal's number for death by signal. */
  readonly status: number;
  /** The folder afterwards, where that is compared. */
  readonly tree?: string;
  /** Not compared; shown when a run fails. */
  readonly stderr?: string;
}

/** One run of a guest in a folder of its own. */
export interface Run {
  /** Unique among all suites: outcomes are recorded under it. */
  readonly name: string;
  /** The program, as seen from the folder or absolute. */
  readonly program: string;
  readonly args: readonly string[];
  readonly stdin?: string | Uint8Array<ArrayBuffer>;
  readonly env?: Readonly<Record<string, string>>;
  /** What stdout is compared as; "any" not at all. */
  readonly stdout?: "same" | "any";
  /** The engines it runs under, of those that are asked for; all unless said otherwise. */
  readonly engines?: readonly string[];
  /** Options of atratus. */
  readonly options?: readonly string[];
  /** The folder that is `/`, on Linux; the run's own folder is made in its tmp/. */
  readonly root?: string;
  /** Compares the folder afterwards as well; "modes" with permissions. */
  readonly tree?: "contents" | "modes";
  /** It makes 32-bit system calls, which a kernel without 32-bit programs does not know. */
  readonly compat?: boolean;
  /** Fills the folder beforehand. */
  prepare(folder: string): void;
}

const TESTS = new URL("./", import.meta.url);
const TIME_LIMIT_MS = 60_000;
/** After that a killed run's streams should have ended. */
const GRACE_MS = 10_000;
export const onLinux = Deno.build.os === "linux";

/** The same for both: what a test prints must not depend on the user's. */
const ENVIRONMENT = { PATH: "/usr/bin:/bin", HOME: "/", LC_ALL: "C", TZ: "UTC0" };

/** The path of a file URL as this system spells it. */
export function nativePath(url: URL): string {
  const path = decodeURIComponent(url.pathname);
  return Deno.build.os === "windows" ? path.slice(1).replaceAll("/", "\\") : path;
}

/** A word as a shell would want it, for names of runs. */
export function quoted(word: string): string {
  return /^[\w./:=,+@-]+$/.test(word) ? word : JSON.stringify(word);
}

async function outcome(run: Run, command: string[], env: Record<string, string>): Promise<Outcome> {
  const dir = run.root && `${run.root}/tmp`;
  const folder = Deno.makeTempDirSync({ prefix: "atratus-guest-", ...(dir && { dir }) });
  try {
    run.prepare(folder);
    const ended = await execute(command, folder, env, run.stdin);
    return run.tree ? { ...ended, tree: fileTree(folder, run.tree === "modes") } : ended;
  } finally {
    removeTree(folder);
  }
}

/** A guest may leave what cannot be removed at once, or names that Windows does not take. */
function removeTree(folder: string): void {
  try {
    Deno.removeSync(folder, { recursive: true });
  } catch (error) {
    console.error(`Cannot remove ${folder}: ${error}`);
  }
}

async function nothingAfter(milliseconds: number): Promise<undefined> {
  await new Promise((resolve) => Deno.unrefTimer(setTimeout(resolve, milliseconds)));
}

async function execute(
  command: string[],
  cwd: string,
  env: Record<string, string>,
  input: string | Uint8Array<ArrayBuffer> = "",
): Promise<Outcome> {
  const [program = "", ...args] = command;
  const signal = AbortSignal.timeout(TIME_LIMIT_MS);
  const child = new Deno.Command(program, {
    args,
    cwd,
    env,
    clearEnv: Object.hasOwn(env, "LC_ALL"),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    signal,
  }).spawn();
  const writer = child.stdin.getWriter();
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
  // A program that does not read its input breaks the pipe.
  const fed = writer.write(bytes).then(() => writer.close()).catch(() => {});
  const output = await Promise.race([child.output(), nothingAfter(TIME_LIMIT_MS + GRACE_MS)]);
  // Somebody it has left behind may hold its streams open.
  if (output === undefined) return { stdout: "(its output did not end)", status: -1 };
  const { code, stdout, stderr } = output;
  await fed;
  const said = new TextDecoder("latin1").decode(stdout);
  if (signal.aborted) return { stdout: `${said}\n(no end after ${TIME_LIMIT_MS / 1000} s)`, status: -1 };
  return { stdout: said, status: code, stderr: new TextDecoder().decode(stderr) };
}

/** The command line of atratus: the compiled one that ATRATUS_EXE names, else from source. */
function atratus(): string[] {
  const script = (name: string) => nativePath(new URL(`../scripts/${name}`, TESTS));
  const exe = Deno.env.get("ATRATUS_EXE");
  if (exe) return onLinux ? [script("wine.sh"), exe] : [exe];
  if (onLinux) return [script("atratus.sh")];
  return [Deno.execPath(), "run", "-A", "--quiet", "--no-check", nativePath(new URL("../main.ts", TESTS))];
}

export function underAtratus(run: Run, engine: string): Promise<Outcome> {
  const settings = Object.entries({ ...ENVIRONMENT, ...run.env });
  const env = settings.flatMap(([key, value]) => ["--env", `${key}=${value}`]);
  // Linux's / is Wine's Z:, and what a guest sees as /tmp is another folder.
  const program = onLinux && run.program.startsWith("/") && !run.root ? `Z:${run.program}` : run.program;
  const options = [...run.options ?? [], ...(run.root ? ["--root", `Z:${run.root}`] : [])];
  return outcome(
    run,
    [...atratus(), "--engine", engine, ...options, ...env, program, ...run.args],
    {},
  );
}

export function natively(run: Run): Promise<Outcome> {
  const command = [run.program, ...run.args];
  const env = { ...ENVIRONMENT, ...run.env };
  return outcome(run, run.root === undefined ? command : [...commandInRoot(run.root), ...command], env);
}

/** Starts a command in the working directory, with another root that has this machine's devices and processes. */
export function commandInRoot(root: string): string[] {
  const script = 'mount --rbind /dev "$0/dev" && mount --rbind /proc "$0/proc" && here=${PWD#"$0"} && ' +
    'exec /usr/sbin/chroot "$0" /bin/sh -c \'cd "$0" && exec "$@"\' "$here" "$@"';
  return ["unshare", "--map-root-user", "--mount", "sh", "-c", script, root];
}
