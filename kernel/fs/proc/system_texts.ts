/** What /proc tells of the machine and the kernel (proc(5)). */
import { EINVAL, type Errno } from "../../abi/errno.ts";
import type { Kernel } from "../../kernel.ts";
import { UTS_RELEASE, UTS_VERSION } from "../../syscalls/system.ts";
import { PIPE_MAX_SIZE } from "../../abi/splice.ts";
import type { ChildMaker, TextSink, VirtualDirectory } from "./nodes.ts";
import { FixedDirectory, TextInode } from "./nodes.ts";
import { cpuinfoText } from "./cpuinfo.ts";

export const VERSION = `Linux version ${UTS_RELEASE} (atratus) ${UTS_VERSION}\n`;

const FILE_SYSTEMS = ["proc", "sysfs", "tmpfs", "devtmpfs", "pipefs", "9p"];

export function text(source: () => string, mode = 0o444, sink?: TextSink): ChildMaker {
  return (directory, name) => new TextInode(directory, name, mode, source, sink);
}

export function folder(children: Readonly<Record<string, ChildMaker>>): ChildMaker {
  return (directory, name) => new FixedDirectory(directory.fs, directory, name, directory.origin, children);
}

/** The files of /proc itself. `bootTime`: seconds since 1970 at which CLOCK_MONOTONIC was 0. */
export function systemFiles(kernel: Kernel): Record<string, ChildMaker> {
  return {
    cmdline: text(() => "\n"),
    cpuinfo: text(() => cpuinfoText(kernel.system)),
    filesystems: text(() => FILE_SYSTEMS.map((type) => `nodev\t${type}\n`).join("")),
    loadavg: text(() => loadavgText(kernel)),
    meminfo: text(() => meminfoText(kernel)),
    stat: text(() => statText(kernel)),
    swaps: text(() => "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"),
    sys: sysctl(kernel),
    uptime: text(() => uptimeText(kernel)),
    version: text(() => VERSION),
    vmstat: text(() => "nr_free_pages 0\npgfault 0\npgmajfault 0\n"),
  };
}

function loadavgText(kernel: Kernel): string {
  const tasks = [...kernel.tasks.values()];
  const running = tasks.filter((task) => !task.exited && !task.blocked).length;
  return `0.00 0.00 0.00 ${running}/${tasks.length} ${kernel.lastPid}\n`;
}

function uptimeText(kernel: Kernel): string {
  const seconds = kernel.clock.now() / 1000;
  return `${seconds.toFixed(2)} ${(seconds * kernel.system.processors).toFixed(2)}\n`;
}

function meminfoText(kernel: Kernel): string {
  const { total, free, swapTotal, swapFree } = kernel.system.memory();
  const sizes: Readonly<Record<string, number>> = {
    MemTotal: total,
    MemFree: free,
    MemAvailable: free,
    Buffers: 0,
    Cached: 0,
    SwapCached: 0,
    Active: total - free,
    Inactive: 0,
    SwapTotal: swapTotal,
    SwapFree: swapFree,
    Dirty: 0,
    Writeback: 0,
    AnonPages: total - free,
    Mapped: 0,
    Shmem: 0,
    Slab: 0,
    SReclaimable: 0,
    SUnreclaim: 0,
    CommitLimit: total + swapTotal,
    Committed_AS: total - free,
    VmallocTotal: 2 ** 45,
    VmallocUsed: 0,
  };
  const rows = Object.entries(sizes).map(([name, bytes]) =>
    `${name}:`.padEnd(16) + `${String(Math.floor(bytes / 1024)).padStart(8)} kB\n`
  );
  const pages = "HugePages_Total:       0\nHugePages_Free:        0\nHugePages_Rsvd:        0\n" +
    "HugePages_Surp:        0\nHugepagesize:       2048 kB\n";
  return rows.join("") + pages;
}

/** Times are those of this kernel's processes; the rest of the machine's time counts as idle. */
function statText(kernel: Kernel): string {
  const { processors } = kernel.system;
  const tasks = [...kernel.tasks.values()];
  const uptime = kernel.clock.now();
  const used = tasks.map((task) => task.family.usage ?? kernel.clock.cpuTime(task));
  const ticks = (milliseconds: number) => Math.floor(milliseconds / 10);
  const user = used.reduce((sum, time) => sum + time.user, 0);
  const system = used.reduce((sum, time) => sum + time.system, 0);
  const row = (name: string, share: number) => {
    const idle = Math.max(0, uptime * processors - user - system) / share;
    return `${name} ${ticks(user / share)} 0 ${ticks(system / share)} ${ticks(idle)} 0 0 0 0 0 0\n`;
  };
  const each = Array.from({ length: processors }, (_, n) => row(`cpu${n}`, processors)).join("");
  const running = tasks.filter((task) => !task.exited && !task.blocked).length;
  const boot = Math.floor(kernel.clock.realtime().tv_sec - uptime / 1000);
  return row("cpu ", 1) + each + `intr 0\nctxt 0\nbtime ${boot}\nprocesses ${kernel.lastPid}\n` +
    `procs_running ${running}\nprocs_blocked 0\nsoftirq 0 0 0 0 0 0 0 0 0 0 0\n`;
}

/** A new UUID, version 4 (RFC 9562). */
const uuid = () => crypto.randomUUID();

function sysctl(kernel: Kernel): ChildMaker {
  const bootId = uuid();
  const value = (said: string | number) => text(() => `${said}\n`, 0o644, refuse);
  return folder({
    fs: folder({
      "file-max": value("9223372036854775807"),
      "file-nr": text(() => "0\t0\t9223372036854775807\n"),
      "nr_open": value(1048576),
      "pipe-max-size": value(PIPE_MAX_SIZE),
      "protected_hardlinks": value(0),
      "protected_symlinks": value(0),
    }),
    kernel: folder({
      cap_last_cap: text(() => "40\n"),
      core_pattern: value("core"),
      hostname: text(() => `${kernel.system.hostname}\n`, 0o644, refuse),
      domainname: value("(none)"),
      "ngroups_max": text(() => "65536\n"),
      osrelease: text(() => `${UTS_RELEASE}\n`),
      ostype: text(() => "Linux\n"),
      "perf_event_paranoid": value(3),
      pid_max: value(4194304),
      random: folder({
        boot_id: text(() => `${bootId}\n`),
        entropy_avail: text(() => "256\n"),
        poolsize: text(() => "256\n"),
        uuid: text(() => `${uuid()}\n`),
      }),
      randomize_va_space: value(0),
      "threads-max": value(32768),
      version: text(() => `${UTS_VERSION}\n`),
      yama: folder({ ptrace_scope: value(1) }),
    }),
    net: folder({ core: folder({ somaxconn: value(4096) }) }),
    vm: folder({
      "max_map_count": value(65530),
      "mmap_min_addr": value(65536),
      "overcommit_memory": value(0),
      "overcommit_ratio": value(50),
      "swappiness": value(60),
    }),
  });
}

/** Settings are the host's. */
const refuse = (_text: string): Errno => EINVAL;

/** /sys: what the C library and some run-times ask of the processors. */
export function sysfsFiles(kernel: Kernel): Record<string, ChildMaker> {
  const { processors } = kernel.system;
  const all = processors === 1 ? "0\n" : `0-${processors - 1}\n`;
  const one = (directory: VirtualDirectory, name: string) =>
    folder({ online: text(() => "1\n"), topology: folder({ core_id: text(() => `${name.slice(3)}\n`) }) })(
      directory,
      name,
    );
  return {
    devices: folder({
      system: folder({
        cpu: folder({
          ...Object.fromEntries(Array.from({ length: processors }, (_, n) => [`cpu${n}`, one])),
          online: text(() => all),
          possible: text(() => all),
          present: text(() => all),
        }),
        node: folder({ online: text(() => "0\n"), possible: text(() => "0\n") }),
      }),
    }),
    fs: folder({}),
    kernel: folder({
      mm: folder({ transparent_hugepage: folder({ enabled: text(() => "always madvise [never]\n") }) }),
    }),
  };
}
