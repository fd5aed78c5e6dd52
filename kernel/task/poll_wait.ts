/** Waiting for any of several files: poll(2), select(2), and what comes after them. */
import { POLLERR, POLLHUP, POLLIN, POLLRDBAND, POLLRDNORM } from "../abi/poll.ts";
import type { OpenFile } from "../fs/open_file.ts";
import type { Task } from "./task.ts";

/** The files of one wait, and the POLL* events somebody wants of each. */
export type Watched = Map<OpenFile, number>;

/** How many bytes the host reads ahead when it can only tell by reading whether there is input. */
const READ_AHEAD = 65536;
const INPUT = POLLIN | POLLRDNORM | POLLRDBAND;
/** Reported whether or not somebody asks. */
export const ALWAYS_REPORTED = POLLERR | POLLHUP;

/** Adds `events` to what is wanted of a file. */
export function watch(watched: Watched, file: OpenFile, events: number): void {
  watched.set(file, (watched.get(file) ?? 0) | events);
}

/**
 * Repeats `scan` until it finds something (its result, not 0), the deadline comes (0) or a signal for the task.
 * The caller has scanned once, in vain. The files stay open until the end, whoever closes their descriptors.
 */
export async function untilAny(
  task: Task,
  watched: Watched,
  deadline: number,
  scan: () => number,
): Promise<number | "signal"> {
  const files = [...watched.keys()];
  const queues = files.map((file) => file.retain().waiters);
  try {
    for (;;) {
      if (task.signals.deliverable) return "signal";
      for (const [file, events] of watched) if ((events & INPUT) !== 0) file.prepareToWait(READ_AHEAD);
      using wait = task.beginWait(queues, deadline);
      const reason = await wait.reason;
      const ready = scan();
      if (ready > 0) return ready;
      if (reason !== "event") return reason === "signal" ? "signal" : 0;
    }
  } finally {
    for (const file of files) file.release();
  }
}
