/**
 * Ctrl-C reaches the program. On Windows the keys are pressed; Wine makes Ctrl-C of a SIGINT for its process, which only
 * Linux can send: so this runs on either.
 */
import { canRun } from "./capability.ts";
import { assertEquals } from "../kernel/testing/assert.ts";
import { pressKeys } from "../ntdll/testing/console.ts";

const ROOT = new URL("../", import.meta.url);
const onWindows = Deno.build.os === "windows";

function atratus(...words: string[]): Deno.ChildProcess {
  const [program, ...args] = onWindows
    ? [Deno.execPath(), "run", "-A", "--no-check", "main.ts"]
    : [new URL("scripts/atratus.sh", ROOT).pathname];
  const options = { cwd: ROOT, stdin: "null", stdout: "piped", stderr: "null" } as const;
  return new Deno.Command(program!, { args: [...args, ...words], ...options }).spawn();
}

async function interrupted(...words: string[]): Promise<[number, string]> {
  const child = atratus(...words);
  let said = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    said += text;
    if (text.includes("ready")) {
      if (onWindows) pressKeys("SIGINT");
      else child.kill("SIGINT");
    }
  }
  return [(await child.status).code, said];
}

for (const what of ["wait", "compute"]) {
  for (const program of ["tests/guest/signal_console", "tests/guest/signal_console.i386"]) {
    const ignore = !canRun(program), whose = `of a program that is to ${what}: ${program}`;
    Deno.test({ name: `Ctrl-C runs the handler ${whose}`, ignore }, async () => {
      assertEquals(await interrupted(program, "handle", what), [3, "ready\nsignal 2\n"]);
    });
    Deno.test({ name: `Ctrl-C without a handler is the end, status 130, ${whose}`, ignore }, async () => {
      assertEquals(await interrupted(program, "default", what), [130, "ready\n"]);
    });
  }
}
