/** /proc/pid and /proc/pid/task/tid. */
import { EINVAL, Errno } from "../../abi/errno.ts";
import type { Task } from "../../task/task.ts";
import type { Inode } from "../inode.ts";
import { absolutePath } from "../mount.ts";
import { walk } from "../path_walk.ts";
import { FdDirectory, FdinfoDirectory } from "./descriptors.ts";
import {
  auxvBytes,
  cmdlineBytes,
  commBytes,
  environBytes,
  mapsText,
  smapsRollupText,
  smapsText,
  statmText,
} from "./memory_texts.ts";
import { mountinfoText, mountsText } from "./mount_texts.ts";
import { GONE, LinkInode, type LinkTarget, type Origin, TextInode, VirtualDirectory } from "./nodes.ts";
import { limitsText, statText, statusText, threadsOf } from "./task_texts.ts";

type Text = string | Uint8Array<ArrayBuffer>;

interface TextEntry {
  readonly mode: number;
  readonly text: (task: Task) => Text;
  readonly set?: (task: Task, text: string) => 0 | Errno;
  /** What it tells of is gone with the memory: empty for a zombie. */
  readonly ofMemory?: boolean;
}

/** One mapping of all ids to themselves (user_namespaces(7)). */
const ID_MAP = "         0          0 4294967295\n";

const TEXTS: ReadonlyMap<string, TextEntry> = new Map(Object.entries<TextEntry>({
  auxv: { mode: 0o400, text: auxvBytes, ofMemory: true },
  cgroup: { mode: 0o444, text: () => "0::/\n" },
  cmdline: { mode: 0o444, text: cmdlineBytes, ofMemory: true },
  comm: { mode: 0o644, text: (task) => appended(commBytes(task), 10), set: setComm },
  coredump_filter: { mode: 0o644, text: () => "00000033\n", set: () => 0 },
  environ: { mode: 0o400, text: environBytes, ofMemory: true },
  gid_map: { mode: 0o644, text: () => ID_MAP },
  io: { mode: 0o400, text: () => IO_ROWS },
  limits: { mode: 0o444, text: limitsText },
  loginuid: { mode: 0o644, text: () => "4294967295", set: () => 0 },
  maps: { mode: 0o444, text: mapsText, ofMemory: true },
  mountinfo: { mode: 0o444, text: mountinfoText },
  mounts: { mode: 0o444, text: mountsText },
  oom_adj: { mode: 0o644, text: () => "0\n", set: () => 0 },
  oom_score: { mode: 0o444, text: () => "666\n" },
  oom_score_adj: {
    mode: 0o644,
    text: ({ settings }) => `${settings.oomScoreAdjustment}\n`,
    set: setOomScoreAdjustment,
  },
  personality: {
    mode: 0o400,
    text: ({ settings }) => `${(settings.personality >>> 0).toString(16).padStart(8, "0")}\n`,
  },
  schedstat: { mode: 0o444, text: () => "0 0 0\n" },
  sessionid: { mode: 0o444, text: () => "4294967295" },
  setgroups: { mode: 0o644, text: () => "allow\n" },
  smaps: { mode: 0o444, text: smapsText, ofMemory: true },
  smaps_rollup: { mode: 0o444, text: smapsRollupText, ofMemory: true },
  stat: { mode: 0o444, text: statText },
  statm: { mode: 0o444, text: (task) => task.exited ? "0 0 0 0 0 0 0\n" : statmText(task) },
  status: { mode: 0o444, text: statusText },
  timerslack_ns: { mode: 0o666, text: ({ settings }) => `${settings.timerSlack}\n` },
  uid_map: { mode: 0o644, text: () => ID_MAP },
  wchan: { mode: 0o444, text: () => "0" },
}));

const IO_ROWS = ["rchar", "wchar", "syscr", "syscw", "read_bytes", "write_bytes", "cancelled_write_bytes"]
  .map((name) => `${name}: 0\n`).join("");

function appended(bytes: Uint8Array, last: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(bytes.length + 1);
  whole.set(bytes);
  whole[bytes.length] = last;
  return whole;
}

/** Cut after 15 bytes, as PR_SET_NAME does. */
function setComm(task: Task, text: string): 0 {
  task.comm = text.replace(/\0.*$/s, "").slice(0, 15);
  return 0;
}

function setOomScoreAdjustment(task: Task, text: string): 0 | Errno {
  const value = Number(text.trim());
  if (text.trim() === "" || !Number.isInteger(value) || Math.abs(value) > 1000) return EINVAL;
  task.settings.oomScoreAdjustment = value;
  return 0;
}

/** The program's file, found by its path. */
function programOf({ fs, executable }: Task): LinkTarget | undefined {
  if (executable === "") return undefined;
  const place = walk(fs, fs.root, executable, true);
  return place instanceof Errno ? { text: `${executable} (deleted)` } : { text: executable, place };
}

const LINKS: ReadonlyMap<string, (task: Task) => LinkTarget | undefined> = new Map(
  Object.entries({
    cwd: ({ fs }: Task) => ({ text: absolutePath(fs.cwd), place: fs.cwd }),
    exe: programOf,
    root: ({ fs }: Task) => ({ text: absolutePath(fs.root), place: fs.root }),
  }),
);

export class TaskDirectory extends VirtualDirectory {
  /** `withThreads`: a process, which has a directory of its threads; a thread has none. */
  constructor(above: VirtualDirectory, readonly task: Task, readonly withThreads: boolean) {
    super(above.fs, above, String(task.tid), 0o555, originOf(task));
  }

  override child(name: string): Inode | undefined {
    const { task } = this;
    if (!isThere(task)) return undefined;
    const entry = TEXTS.get(name);
    if (entry !== undefined) {
      const { mode, text, set, ofMemory } = entry;
      const read = () => !isThere(task) ? GONE : ofMemory && task.exited ? "" : text(task);
      return new TextInode(this, name, mode, read, set && ((said) => isThere(task) ? set(task, said) : GONE));
    }
    const link = LINKS.get(name);
    if (link !== undefined) return new LinkInode(this, name, () => task.exited ? undefined : link(task));
    if (name === "fd") return new FdDirectory(task, this, this.origin);
    if (name === "fdinfo") return new FdinfoDirectory(task, this, this.origin);
    return name === "task" && this.withThreads ? new ThreadsDirectory(this, task) : undefined;
  }

  override *names(): Iterable<string> {
    if (!isThere(this.task)) return;
    yield* LINKS.keys();
    yield* ["fd", "fdinfo"];
    if (this.withThreads) yield "task";
    yield* TEXTS.keys();
  }
}

class ThreadsDirectory extends VirtualDirectory {
  constructor(above: TaskDirectory, readonly task: Task) {
    super(above.fs, above, "task", 0o555, above.origin);
  }
  override child(name: string): Inode | undefined {
    const thread = threadsOf(this.task).find(({ tid }) => String(tid) === name);
    return thread && new TaskDirectory(this, thread, false);
  }
  override names(): Iterable<string> {
    return threadsOf(this.task).map(({ tid }) => String(tid));
  }
}

/** Whether it has not been waited for. */
function isThere(task: Task): boolean {
  return task.kernel.tasks.get(task.tid) === task;
}

/** Since when the process is there, and whose it is. */
function originOf(task: Task): Origin {
  const { clock } = task.kernel;
  const age = (clock.now() - task.startTime) / 1000;
  return { owner: task.credentials, time: Math.floor(clock.realtime().tv_sec - age) };
}
