/**
 * `atratus inspect [--json] FILE`: what is in a program file, and how much of it atratus can patch. Starts no
 * container, so it works where there is no Windows.
 */
import { LoadError } from "../../loader/elf/mod.ts";
import { EACCES, EIO, EISDIR, ENOENT } from "../abi/errno.ts";
import { createEngine, type Engine } from "../exec/engine.ts";
import type { Host } from "../host.ts";
import { renderReport } from "./render.ts";
import { inspectBytes } from "./report.ts";

const USAGE = "usage: atratus inspect [--json] FILE";
const STATUS_USAGE = 2;
const STATUS_NOT_EXECUTABLE = 126;
const STATUS_NOT_FOUND = 127;

/** Runs the subcommand, without its name, and returns the status to exit with. */
export function runInspect(args: readonly string[], host: Pick<Host, "threadSlots" | "gateJump">): number {
  const files = args.filter((arg) => !arg.startsWith("--"));
  const options = args.filter((arg) => arg.startsWith("--"));
  const [file] = files;
  if (file === undefined || files.length > 1 || options.some((option) => option !== "--json")) {
    console.error(USAGE);
    return STATUS_USAGE;
  }
  const engine = createEngine("gate", host);
  const report = inspectFile(file, engine);
  if (report instanceof LoadError) {
    console.error(`atratus: ${file}: ${report.reason}`);
    return report.errno === ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE;
  }
  console.log(options.length > 0 ? JSON.stringify(report, null, 2) : renderReport(report).join("\n"));
  return 0;
}

function inspectFile(file: string, engine: Engine): ReturnType<typeof inspectBytes> {
  const bytes = readFile(file);
  return bytes instanceof LoadError ? bytes : inspectBytes(file, bytes, engine);
}

function readFile(file: string): Uint8Array | LoadError {
  try {
    if (Deno.statSync(file).isDirectory) return new LoadError("is a directory", EISDIR);
    return Deno.readFileSync(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return new LoadError("was not found", ENOENT);
    if (error instanceof Deno.errors.PermissionDenied) return new LoadError("may not be read", EACCES);
    return new LoadError(`cannot be opened (${error instanceof Error ? error.message : error})`, EIO);
  }
}
