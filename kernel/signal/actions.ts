/** What a process does about each signal (sigaction(2)). */
import { SIG_DFL, SIG_IGN, SIGRTMAX } from "../abi/signal.ts";
import type { UserPtr } from "../abi/types.ts";
import { defaultAction } from "./numbers.ts";

export interface SignalAction {
  /** SIG_DFL, SIG_IGN or a function of the guest. */
  readonly handler: UserPtr;
  readonly flags: number;
  readonly restorer: UserPtr;
  readonly mask: bigint;
}

export const DEFAULT_ACTION: SignalAction = { handler: SIG_DFL, flags: 0, restorer: 0, mask: 0n };

/** Linux: struct sighand_struct. */
export class SignalActions {
  readonly #actions: SignalAction[];

  constructor(actions?: readonly SignalAction[]) {
    this.#actions = actions === undefined
      ? Array.from({ length: SIGRTMAX + 1 }, () => DEFAULT_ACTION)
      : [...actions];
  }

  get(signal: number): SignalAction {
    return this.#actions[signal] ?? DEFAULT_ACTION;
  }

  set(signal: number, action: SignalAction): void {
    this.#actions[signal] = action;
  }

  /** A copy, for fork(2). */
  clone(): SignalActions {
    return new SignalActions(this.#actions);
  }

  /** What execve(2) leaves: handlers are forgotten, ignored signals stay ignored. Linux: flush_signal_handlers. */
  afterExec(): SignalActions {
    return new SignalActions(
      this.#actions.map((action) =>
        action.handler === SIG_IGN ? { ...DEFAULT_ACTION, handler: SIG_IGN } : DEFAULT_ACTION
      ),
    );
  }

  /** Whether the signal would have no effect at all (sig_ignored). */
  ignores(signal: number): boolean {
    const { handler } = this.get(signal);
    if (handler === SIG_IGN) return true;
    const action = defaultAction(signal);
    return handler === SIG_DFL && (action === "ignore" || action === "continue");
  }

  /** Whether there is a function of the guest for it. */
  handles(signal: number): boolean {
    return this.get(signal).handler > SIG_IGN;
  }
}
