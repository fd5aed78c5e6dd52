/** What /proc/pid tells of a process besides its memory: status, stat, limits, cgroup... (proc(5)). */
import { RLIMIT_SIGPENDING } from "../../abi/resource.ts";
import { SIG_IGN, SIGRTMAX } from "../../abi/signal.ts";
import { USER_HZ } from "../../abi/time.ts";
import { PAGE_SIZE } from "../../host.ts";
import { signalBit } from "../../signal/sets.ts";
import type { Task } from "../../task/task.ts";
import { memoryKinds } from "./memory_texts.ts";

/** Every capability of Linux 6.1. */
const ALL_CAPABILITIES = 0x1ff_ffff_ffffn;

const STATE_NAMES: Readonly<Record<string, string>> = {
  R: "running",
  S: "sleeping",
  T: "stopped",
  Z: "zombie",
};

function stateOf(task: Task): string {
  if (task.exited) return "Z";
  if (task.signals.process.stopped !== undefined) return "T";
  return task.blocked ? "S" : "R";
}

/** The tasks of a process, by thread id. */
export function threadsOf(task: Task): Task[] {
  return [...task.kernel.tasks.values()].filter((other) => other.pid === task.pid);
}

/** Signals ignored, and caught. */
function dispositions(task: Task): { ignored: bigint; caught: bigint } {
  let ignored = 0n, caught = 0n;
  for (let signal = 1; signal <= SIGRTMAX; signal++) {
    const { handler } = task.signals.actions.get(signal);
    if (handler === SIG_IGN) ignored |= signalBit(signal);
    else if (task.signals.actions.handles(signal)) caught |= signalBit(signal);
  }
  return { ignored, caught };
}

export function statusText(task: Task): string {
  const { user, group, groups, privileged } = task.credentials;
  const { process, queue, blocked } = task.signals;
  const { ignored, caught } = dispositions(task);
  const mask = (bits: bigint) => bits.toString(16).padStart(16, "0");
  const capabilities = mask(privileged ? ALL_CAPABILITIES : 0n);
  const state = stateOf(task);
  const processors = task.kernel.system.processors;
  const ids = ({ real, effective, saved, filesystem }: typeof user) =>
    [real, effective, saved, filesystem].join("\t");
  const rows: (readonly [string, string | number])[] = [
    ["Name", task.comm.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")],
    ["Umask", task.fs.umask.toString(8).padStart(4, "0")],
    ["State", `${state} (${STATE_NAMES[state]})`],
    ["Tgid", task.pid],
    ["Ngid", 0],
    ["Pid", task.tid],
    ["PPid", task.parentPid],
    ["TracerPid", 0],
    ["Uid", ids(user)],
    ["Gid", ids(group)],
    ["FDSize", Math.max(64, 2 ** Math.ceil(Math.log2(task.files.end)))],
    ["Groups", groups.map((id) => `${id} `).join("") || " "],
    ["NStgid", task.pid],
    ["NSpid", task.tid],
    ["NSpgid", task.pgid],
    ["NSsid", task.sid],
    ...(task.exited ? [] : memoryRows(task)),
    ["Threads", threadsOf(task).length],
    ["SigQ", `${process.queue.length}/${task.limits.current(RLIMIT_SIGPENDING)}`],
    ["SigPnd", mask(queue.set)],
    ["ShdPnd", mask(process.queue.set)],
    ["SigBlk", mask(blocked)],
    ["SigIgn", mask(ignored)],
    ["SigCgt", mask(caught)],
    ["CapInh", mask(0n)],
    ["CapPrm", capabilities],
    ["CapEff", capabilities],
    ["CapBnd", mask(ALL_CAPABILITIES)],
    ["CapAmb", mask(0n)],
    ["NoNewPrivs", task.settings.noNewPrivileges],
    ["Seccomp", 0],
    ["Seccomp_filters", 0],
    ["Speculation_Store_Bypass", "thread vulnerable"],
    ["SpeculationIndirectBranch", "conditional enabled"],
    ["Cpus_allowed", (2n ** BigInt(processors) - 1n).toString(16)],
    ["Cpus_allowed_list", processors === 1 ? "0" : `0-${processors - 1}`],
    ["Mems_allowed", "1"],
    ["Mems_allowed_list", "0"],
    ["voluntary_ctxt_switches", 0],
    ["nonvoluntary_ctxt_switches", 0],
  ];
  return rows.map(([name, value]) => `${name}:\t${value}\n`).join("");
}

function memoryRows(task: Task): (readonly [string, string | number])[] {
  const { text, stack, data } = memoryKinds(task);
  const kilobytes = (bytes: number) => `${String(Math.round(bytes / 1024)).padStart(8)} kB`;
  const [size, resident, none] = [task.mm.totalSize(), task.mm.residence.now(), kilobytes(0)];
  return [
    ["VmPeak", kilobytes(size)],
    ["VmSize", kilobytes(size)],
    ["VmLck", none],
    ["VmPin", none],
    ["VmHWM", kilobytes(task.mm.residence.peak())],
    ["VmRSS", kilobytes(resident)],
    ["RssAnon", kilobytes(resident)],
    ["RssFile", none],
    ["RssShmem", none],
    ["VmData", kilobytes(data)],
    ["VmStk", kilobytes(stack)],
    ["VmExe", kilobytes(text)],
    ["VmLib", none],
    ["VmPTE", none],
    ["VmSwap", none],
    ["HugetlbPages", none],
    ["CoreDumping", 0],
    ["THP_enabled", 0],
  ];
}

/** proc_pid_stat(5): 52 words on one line. */
export function statText(task: Task): string {
  const { kernel, mm } = task;
  const ticks = (milliseconds: number) => Math.floor(milliseconds * USER_HZ / 1000);
  const { user, system } = task.family.usage ?? kernel.clock.cpuTime(task);
  const { ignored, caught } = dispositions(task);
  const nice = task.settings.nice;
  const alive = !task.exited;
  const low = (bits: bigint) => String(bits & 0x7fff_ffffn);
  const { argStart, argEnd, envStart, envEnd } = mm.arguments;
  if (alive) mm.heap.sync();
  const memory = alive ? [mm.totalSize(), Math.ceil(mm.residence.now() / PAGE_SIZE)] : [0, 0];
  const words = [
    ...[task.tid, `(${task.comm})`, stateOf(task), task.parentPid, task.pgid, task.sid],
    ...[0, -1, 0x400000], // terminal, its foreground group, PF_RANDOMIZE
    ...[0, 0, 0, 0], // faults
    ...[ticks(user), ticks(system), 0, 0, 20 + nice, nice, threadsOf(task).length, 0],
    ticks(task.startTime),
    ...memory,
    "18446744073709551615", // RLIMIT_RSS
    ...(alive ? [1, 1, argStart] : [0, 0, 0]), // text and stack: 1 for who may not know
    ...[0, 0], // esp, eip: only of the dead
    low(task.signals.queue.set),
    low(task.signals.blocked),
    low(ignored),
    low(caught),
    ...[0, 0, 0], // wchan, nswap, cnswap
    ...[task.family.exitSignal, 0, 0, 0, 0, 0, 0],
    ...(alive ? [0, 0, mm.startBrk, argStart, argEnd, envStart, envEnd] : [0, 0, 0, 0, 0, 0, 0]),
    waitStatus(task),
  ];
  return `${words.join(" ")}\n`;
}

function waitStatus({ family: { status } }: Task): number {
  if (status === undefined) return 0;
  return "code" in status ? status.code << 8 : status.signal;
}

/** Name and unit of each RLIMIT_*, in its order. */
const LIMITS: readonly (readonly [string, string])[] = [
  ["cpu time", "seconds"],
  ["file size", "bytes"],
  ["data size", "bytes"],
  ["stack size", "bytes"],
  ["core file size", "bytes"],
  ["resident set", "bytes"],
  ["processes", "processes"],
  ["open files", "files"],
  ["locked memory", "bytes"],
  ["address space", "bytes"],
  ["file locks", "locks"],
  ["pending signals", "signals"],
  ["msgqueue size", "bytes"],
  ["nice priority", ""],
  ["realtime priority", ""],
  ["realtime timeout", "us"],
];

export function limitsText(task: Task): string {
  const line = (name: string, soft: string, hard: string, unit: string) =>
    `${name.padEnd(25)} ${soft.padEnd(20)} ${hard.padEnd(20)} ${unit.padEnd(10)}\n`;
  const text = (value: number) => value === Infinity ? "unlimited" : String(value);
  const rows = LIMITS.map(([name, unit], resource) => {
    const limit = task.limits.get(resource) ?? { cur: Infinity, max: Infinity };
    return line(`Max ${name}`, text(limit.cur), text(limit.max), unit);
  });
  return line("Limit", "Soft Limit", "Hard Limit", "Units") + rows.join("");
}
