/** `deno task start ARGS`: atratus from source, under Wine where this is no Windows. */
import { v8Flags } from "./v8_flags.ts";

const main = new URL("../main.ts", import.meta.url);
const [program, args] = Deno.build.os === "windows"
  ? [Deno.execPath(), ["run", "-A", "--quiet", "--no-check", v8Flags(), main.href, ...Deno.args]]
  : [new URL("atratus.sh", import.meta.url).pathname, Deno.args];
// A task is started in the project's folder; the user may be in another one.
const command = new Deno.Command(program, { args, cwd: Deno.env.get("INIT_CWD") ?? "." });
// Ctrl-C is for the guest, and ends us when it ends that.
Deno.addSignalListener("SIGINT", () => {});
Deno.exit((await command.spawn().status).code);
