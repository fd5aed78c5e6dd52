/** What /proc/pid tells of a process's memory: maps, smaps, statm, cmdline, environ (proc(5)). */
import { Errno } from "../../abi/errno.ts";
import { encodeName } from "../../abi/names.ts";
import { major, minor } from "../../abi/stat.ts";
import { PAGE_SIZE, PROT_EXEC, PROT_READ, PROT_WRITE } from "../../host.ts";
import type { AddressSpace } from "../../mm/address_space.ts";
import type { Vma } from "../../mm/vma.ts";
import type { Task } from "../../task/task.ts";
import { walk } from "../path_walk.ts";
import { Stat } from "../stat.ts";

/** Where the path stands in a line of maps, counted from 0. */
const PATH_COLUMN = 73;

/** An area as Linux would show it: pieces that differ only in what lies below them are one. */
interface ShownArea {
  readonly start: number;
  end: number;
  readonly prot: number;
  readonly shared: boolean;
  readonly name: string;
  readonly offset: number;
  /** st_dev and st_ino. */
  readonly file: Stat | undefined;
  /** Bytes that have memory. */
  backed: number;
}

export function shownAreas(task: Task): ShownArea[] {
  const shown: ShownArea[] = [];
  task.mm.heap.sync();
  const files = new Map<string, Stat | undefined>();
  for (const area of task.mm.vmas) {
    const name = area.file?.path ?? area.name;
    const offset = area.file?.offset ?? area.nameOffset;
    const file = offset === undefined ? undefined : fileOf(task, area, name, files);
    const last = shown.at(-1);
    const backed = area.backing === undefined ? 0 : area.size;
    const goesOn = offset === undefined || offset === (last?.offset ?? 0) + area.start - (last?.start ?? 0);
    if (
      last !== undefined && last.end === area.start && last.prot === area.prot && last.name === name &&
      last.shared === area.shared && last.file?.ino === file?.ino && goesOn
    ) {
      last.end = area.end;
      last.backed += backed;
      continue;
    }
    const { start, end, prot, shared } = area;
    shown.push({ start, end, prot, shared, name, offset: offset ?? 0, file, backed });
  }
  return shown;
}

/** The attributes of a mapped file: its own while it is open, those of its path else. */
function fileOf(task: Task, area: Vma, path: string, seen: Map<string, Stat | undefined>): Stat | undefined {
  if (seen.has(path)) return seen.get(path);
  let stat: Stat | undefined = new Stat();
  if (area.file !== undefined) {
    if (area.file.file.stat(stat) !== 0) stat = undefined;
  } else {
    const found = walk(task.fs, task.fs.root, path, true);
    if (found instanceof Errno || found.inode.stat(stat) !== 0) stat = undefined;
  }
  seen.set(path, stat);
  return stat;
}

export function mapsText(task: Task): string {
  return shownAreas(task).map(areaLine).join("");
}

function areaLine(area: ShownArea): string {
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
  const { prot, file } = area;
  const rights = (prot & PROT_READ ? "r" : "-") + (prot & PROT_WRITE ? "w" : "-") +
    (prot & PROT_EXEC ? "x" : "-") + (area.shared ? "s" : "p");
  const device = `${hex(major(file?.dev ?? 0), 2)}:${hex(minor(file?.dev ?? 0), 2)}`;
  const range = `${hex(area.start, 8)}-${hex(area.end, 8)}`;
  const line = `${range} ${rights} ${hex(area.offset, 8)} ${device} ${file?.ino ?? 0} `;
  return (area.name === "" ? line : line.padEnd(PATH_COLUMN) + area.name.replaceAll("\n", "\\012")) + "\n";
}

const SMAPS_ROWS = [
  "Shared_Clean",
  "Shared_Dirty",
  "Private_Clean",
  "Private_Dirty",
  "Referenced",
  "Anonymous",
  "KSM",
  "LazyFree",
  "AnonHugePages",
  "ShmemPmdMapped",
  "FilePmdMapped",
  "Shared_Hugetlb",
  "Private_Hugetlb",
  "Swap",
  "SwapPss",
  "Locked",
] as const;

function row(name: string, kilobytes: number): string {
  return `${name}:`.padEnd(16) + `${String(kilobytes).padStart(8)} kB\n`;
}

/** Sizes as if every page that could be used were: which ones were is the host's to know. */
function sizeRows(bytes: number, shared: boolean): string {
  const kilobytes = bytes / 1024;
  const full = new Set<string>([shared ? "Shared_Dirty" : "Private_Dirty", "Referenced", "Anonymous"]);
  const rows = SMAPS_ROWS.map((name) => row(name, full.has(name) ? kilobytes : 0));
  return row("Rss", kilobytes) + row("Pss", kilobytes) + row("Pss_Dirty", kilobytes) + rows.join("");
}

export function smapsText(task: Task): string {
  return shownAreas(task).map((area) => {
    const sizes = row("Size", (area.end - area.start) / 1024) + row("KernelPageSize", 4) +
      row("MMUPageSize", 4);
    const flags = [
      [PROT_READ, "rd"],
      [PROT_WRITE, "wr"],
      [PROT_EXEC, "ex"],
    ] as const;
    const set = flags.filter(([bit]) => (area.prot & bit) !== 0).map(([, name]) => `${name} `).join("");
    const tail = row("THPeligible", 0).replace(" kB", "") +
      `VmFlags: ${set}mr mw me ${area.shared ? "sh " : ""}\n`;
    return areaLine(area) + sizes + sizeRows(area.backed, area.shared) + tail;
  }).join("");
}

export function smapsRollupText(task: Task): string {
  const areas = shownAreas(task);
  const [first, last] = [areas[0], areas.at(-1)];
  if (first === undefined || last === undefined) return "";
  const whole = {
    ...first,
    end: last.end,
    prot: 0,
    shared: false,
    name: "[rollup]",
    offset: 0,
    file: undefined,
  };
  return areaLine(whole) + sizeRows(task.mm.residence.now(), false);
}

/** Bytes of the areas for which `test` holds. */
export function bytesOf(mm: AddressSpace, test: (area: Vma) => boolean): number {
  let total = 0;
  for (const area of mm.vmas) if (test(area)) total += area.size;
  return total;
}

/** What VmExe, VmStk and VmData count. */
export function memoryKinds(task: Task): { text: number; stack: number; data: number } {
  const { mm } = task;
  mm.heap.sync();
  const stack = bytesOf(mm, ({ name }) => name === "[stack]");
  const text = bytesOf(mm, ({ prot, name }) => (prot & PROT_EXEC) !== 0 && name === task.executable);
  const data = bytesOf(mm, ({ prot, shared, name }) => {
    return (prot & PROT_WRITE) !== 0 && !shared && name !== "[stack]";
  });
  return { text, stack, data };
}

export function statmText(task: Task): string {
  const pages = (bytes: number) => Math.ceil(bytes / PAGE_SIZE);
  const { text, stack, data } = memoryKinds(task);
  const resident = pages(task.mm.residence.now());
  return `${pages(task.mm.totalSize())} ${resident} 0 ${pages(text)} 0 ${pages(data + stack)} 0\n`;
}

/** The bytes of [start, end), up to the first that is not mapped. */
function guestBytes(mm: AddressSpace, start: number, end: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(Math.max(0, end - start));
  let done = 0;
  while (done < whole.length) {
    const part = mm.peek(start + done, whole.length - done);
    if (part === undefined || part.length === 0) break;
    whole.set(part, done);
    done += part.length;
  }
  return whole.subarray(0, done);
}

/** The arguments as they are in memory now; a title that has outgrown them goes on in the environment. */
export function cmdlineBytes({ mm }: Task): Uint8Array<ArrayBuffer> {
  const { argStart, argEnd, envEnd } = mm.arguments;
  const words = guestBytes(mm, argStart, argEnd);
  if (words.length === 0 || words.at(-1) === 0) return words;
  const longer = guestBytes(mm, argStart, envEnd);
  const end = longer.indexOf(0);
  return end < 0 ? longer : longer.subarray(0, end);
}

export function environBytes({ mm }: Task): Uint8Array<ArrayBuffer> {
  return guestBytes(mm, mm.arguments.envStart, mm.arguments.envEnd);
}

export function auxvBytes({ mm }: Task): Uint8Array<ArrayBuffer> {
  return mm.arguments.auxv.slice();
}

/** A task's name as bytes; what execve(2) cut may be half a character. */
export function commBytes({ comm }: Task): Uint8Array<ArrayBuffer> {
  return encodeName(comm);
}
