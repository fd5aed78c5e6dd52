/** `deno task build`: compiles dist/atratus.exe for Windows, on Windows or Linux. */
import { alignImage } from "./align_image.ts";
import { bundle } from "./bundle.ts";
import { v8Flags } from "./v8_flags.ts";

const root = new URL("../", import.meta.url);
const exe = new URL("dist/atratus.exe", root);

/** How long fetching Deno's own base may take where another could be used instead. */
const PATIENCE_MS = 120_000;

/** Without a bundle, the source as it is: slower to start, but the same. */
async function mainFile(): Promise<string> {
  try {
    return await bundle("dist/bundle");
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return "main.ts";
  }
}

/** Compiles on Deno's own base, or on the executable that DENORT_BIN names. Undefined, or what went wrong. */
async function compile(main: string, env: Record<string, string>): Promise<string | undefined> {
  const args = [
    "compile",
    "-A",
    "--no-check",
    "--cached-only",
    "--quiet",
    "--target",
    "x86_64-pc-windows-msvc",
    // All functions are compiled in the first run, which keeps them, instead of each when it is first called.
    v8Flags("--no-lazy"),
  ];
  // The tests' packages would come along with the rest of node_modules.
  args.push("--exclude", "node_modules/iced-x86", "--output", "dist/atratus.exe", main);
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const command = new Deno.Command(Deno.execPath(), { args, env, cwd: root, stdin: "null", signal });
  const { success, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return success
    ? undefined
    : `${decoder.decode(stdout)}${decoder.decode(stderr)}`.trim() || "no answer in time";
}

/** The path of a base from npm, fetched by the set-up. */
async function fallbackBase(): Promise<string> {
  const setup = new URL("setup.sh", import.meta.url).pathname;
  const args = ["-c", `. "$0" && once denort fetch_denort && echo "$denort"`, setup];
  const { success, stdout } = await new Deno.Command("bash", { args, stdin: "null", stderr: "inherit" })
    .output();
  if (!success) throw new Error("Cannot build atratus.exe: there is no base to compile on");
  return new TextDecoder().decode(stdout).trim();
}

Deno.mkdirSync(new URL("./", exe), { recursive: true });
const main = await mainFile();
let problem = await compile(main, {});
if (problem !== undefined && Deno.build.os === "linux" && !Deno.env.has("DENORT_BIN")) {
  console.error("Deno's own base cannot be had here; building on one from npm, for tests only.");
  const second = await compile(main, { DENORT_BIN: await fallbackBase() });
  problem = second && `${second}\nThe first try said: ${problem}`;
}
if (problem !== undefined) {
  console.error(`Cannot build atratus.exe: ${problem}`);
  Deno.exit(1);
}
try {
  Deno.writeFileSync(exe, alignImage(Deno.readFileSync(exe)));
} catch (error) {
  // It runs as well as it is.
  console.error(`dist/atratus.exe is not aligned: ${error instanceof Error ? error.message : error}`);
}
console.error(`dist/atratus.exe: ${(Deno.statSync(exe).size / 1e6).toFixed(1)} MB`);
