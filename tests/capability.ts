/** What the machine that runs the tests can do. */
import { helloProgram } from "../kernel/selftest/programs.ts";
import { hasWow64 } from "../ntdll/wow64.ts";

let known: boolean | undefined;

/** Whether it runs 32-bit programs. The kernels of some virtual machines do not, and then Wine cannot either. */
export function runs32Bit(): boolean {
  return known ??= Deno.build.os === "windows" ? hasWow64() : linuxRuns32Bit();
}

/** Programs for i386 are named so. */
export function canRun(program: string): boolean {
  return !program.endsWith(".i386") || runs32Bit();
}

/** False by Linux's own word only, ENOEXEC, which a shell passes on: whatever else is wrong is the tests' to find. */
function linuxRuns32Bit(): boolean {
  const program = Deno.makeTempFileSync();
  try {
    Deno.writeFileSync(program, helloProgram(32));
    Deno.chmodSync(program, 0o700);
    const args = ["-c", 'exec "$0"', program];
    const { code, stderr } = new Deno.Command("sh", { args, env: { LC_ALL: "C" } }).outputSync();
    return code !== 126 || !new TextDecoder().decode(stderr).includes("Exec format error");
  } finally {
    Deno.removeSync(program);
  }
}
