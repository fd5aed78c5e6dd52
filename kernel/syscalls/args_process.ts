/** Argument types of the calls that make processes and wait for them. */
import { u32 } from "../abi/layout.ts";
import * as waits from "../abi/wait.ts";
import { signalName } from "../signal/numbers.ts";
import { copyIn } from "../mm/user_memory.ts";
import { argument, output, valueAt } from "./args.ts";
import { enumOf, flagsOf } from "./args_flags.ts";
import { namesOf } from "./format.ts";

export const waitOptions = flagsOf(
  namesOf({
    WNOHANG: waits.WNOHANG,
    WSTOPPED: waits.WSTOPPED,
    WEXITED: waits.WEXITED,
    WCONTINUED: waits.WCONTINUED,
    WNOWAIT: waits.WNOWAIT,
    __WNOTHREAD: waits.__WNOTHREAD,
    __WALL: waits.__WALL,
    __WCLONE: waits.__WCLONE,
  }),
  "W",
);
export const waitWhich = enumOf(
  namesOf({ P_ALL: waits.P_ALL, P_PID: waits.P_PID, P_PGID: waits.P_PGID }),
  "P",
);
export const waitId = argument("pid_t", "int", (call, i) => String(valueAt(call, i)));

/** `[{WIFEXITED(s) && WEXITSTATUS(s) == 0}]`. */
export const outStatus = output("int *", (call, index) => {
  if (call.outcome === 0) return "NULL";
  const raw = copyIn(call.task, valueAt(call, index), 4);
  if (!(raw instanceof Uint8Array)) return "0x" + valueAt(call, index).toString(16);
  return `[{${statusText(u32.read(new DataView(raw.buffer, raw.byteOffset), 0))}}]`;
});

function statusText(status: number): string {
  if (status === waits.WAIT_STATUS_CONTINUED) return "WIFCONTINUED(s)";
  if ((status & 0xff) === 0x7f) return `WIFSTOPPED(s) && WSTOPSIG(s) == ${signalName(status >> 8)}`;
  const signal = status & 0x7f;
  if (signal === 0) return `WIFEXITED(s) && WEXITSTATUS(s) == ${status >> 8 & 0xff}`;
  return `WIFSIGNALED(s) && WTERMSIG(s) == ${signalName(signal)}`;
}
