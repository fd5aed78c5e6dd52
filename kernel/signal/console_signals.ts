/** What the user does to the console, as signals (termios(3): INTR, QUIT; a terminal's hangup). Linux: n_tty.c:isig. */
import { SIGCONT, SIGHUP, SIGINT, SIGQUIT } from "../abi/signal.ts";
import type { Pid } from "../abi/types.ts";
import type { ConsoleControl } from "../host.ts";
import type { Kernel } from "../kernel.ts";
import { sendSignal } from "./send.ts";

const SIGNALS = { interrupt: [SIGINT], quit: [SIGQUIT], hangup: [SIGHUP, SIGCONT] } as const;

/** To every process of the group in the foreground. */
export function sendConsoleControl(
  kernel: Kernel,
  foreground: Pid | undefined,
  control: ConsoleControl,
): void {
  for (const task of [...kernel.tasks.values()]) {
    if (task.pgid !== foreground || task.exited) continue;
    for (const signal of SIGNALS[control]) sendSignal(task, signal, { code: "SI_KERNEL", pid: 0, uid: 0 });
  }
}
