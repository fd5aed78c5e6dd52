/** How programs are started here: atratus and deno.exe directly, or under Wine. */
import { v8Flags } from "../../scripts/v8_flags.ts";

const ROOT = new URL("../../", import.meta.url);

export const onWindows = Deno.build.os === "windows";

/** A command line with the environment it needs besides ours. */
export interface Launcher {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface Launchers {
  /** Followed by a program and its arguments. */
  readonly atratus: Launcher;
  /** Followed by arguments of deno. */
  readonly deno: Launcher;
}

/** The path of a file URL as this system spells it. */
export function nativePath(url: URL): string {
  const path = decodeURIComponent(url.pathname);
  return onWindows ? path.slice(1).replaceAll("/", "\\") : path;
}

/** The same, as Windows programs take it: Wine shows the root as Z:. */
export function windowsPath(path: string): string {
  return onWindows ? path : `Z:${path}`;
}

/** Makes ready what is needed. atratus is the compiled one that ATRATUS_EXE names, else from source. */
export async function findLaunchers(): Promise<Launchers> {
  const { env, prefix, denoExe, main } = onWindows ? onThisWindows() : await underWine();
  const exe = Deno.env.get("ATRATUS_EXE");
  const run = [denoExe, "run", "-A", "--quiet", "--no-check", "--cached-only", v8Flags(), windowsPath(main)];
  return {
    atratus: { command: [...prefix, ...exe ? [exe] : run], env },
    deno: { command: [...prefix, denoExe], env },
  };
}

interface Machine {
  readonly env: Record<string, string>;
  readonly prefix: readonly string[];
  readonly denoExe: string;
  /** The source that is run. */
  readonly main: string;
}

function onThisWindows(): Machine {
  return { env: {}, prefix: [], denoExe: Deno.execPath(), main: nativePath(new URL("main.ts", ROOT)) };
}

/** The set-up's own choice of Wine, asked once: its scripts must not be part of what is measured. */
async function underWine(): Promise<Machine> {
  const setup = nativePath(new URL("scripts/setup.sh", ROOT));
  const script =
    '. "$0"; setup_run; start_wine; choose_source; printf "%s\\0" "$wine" "$deno_exe" "$main"; env -0';
  const command = new Deno.Command("bash", { args: ["-c", script, setup], stdin: "null", stderr: "inherit" });
  const { success, stdout } = await command.output();
  if (!success) throw new Error("Cannot measure atratus: its set-up failed");
  const [wine = "", denoExe = "", main = "", ...variables] = new TextDecoder().decode(stdout).split("\0");
  const pairs = variables.filter((text) => text.includes("=")).map((text): [string, string] => {
    const cut = text.indexOf("=");
    return [text.slice(0, cut), text.slice(cut + 1)];
  });
  return { env: Object.fromEntries(pairs), prefix: [wine], denoExe, main };
}
