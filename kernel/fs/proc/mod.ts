/** The file systems in which the kernel tells of itself: proc(5) and, the little that programs ask of it, sysfs(5). */
import { PROC_SUPER_MAGIC, SYSFS_MAGIC } from "../../abi/statfs.ts";
import { Errno } from "../../abi/errno.ts";
import type { Kernel } from "../../kernel.ts";
import type { MountNamespace } from "../namespace.ts";
import { Tmpfs } from "../tmpfs.ts";
import type { Viewer } from "../fs_context.ts";
import type { FileSystem, Inode } from "../inode.ts";
import {
  type ChildMaker,
  FixedDirectory,
  LinkInode,
  type Origin,
  VirtualDirectory,
  VirtualFs,
} from "./nodes.ts";
import { sysfsFiles, systemFiles } from "./system_texts.ts";
import { TaskDirectory } from "./task_directory.ts";

/** Mounts /proc, /sys and /dev/shm. */
export function mountKernelFiles(namespace: MountNamespace, kernel: Kernel): void {
  namespace.mount("proc", createProcfs(kernel, namespace.newDev()));
  namespace.mount("sys", createSysfs(kernel, namespace.newDev()));
  const dev = namespace.rootMount.childAt("dev");
  const shm = dev?.fs.root.lookup("shm");
  if (dev === undefined || shm === undefined || shm instanceof Errno) return;
  dev.attach(new Tmpfs(kernel.host, namespace.newDev(), () => kernel.clock.realtime()), "shm", shm);
}

export function createProcfs(kernel: Kernel, dev: number): FileSystem {
  const fs = new VirtualFs("proc", PROC_SUPER_MAGIC, dev);
  fs.root = new ProcRoot(fs, kernel, originOf(kernel));
  return fs;
}

export function createSysfs(kernel: Kernel, dev: number): FileSystem {
  const fs = new VirtualFs("sysfs", SYSFS_MAGIC, dev);
  fs.root = new FixedDirectory(fs, undefined, "", originOf(kernel), sysfsFiles(kernel));
  return fs;
}

function originOf(kernel: Kernel): Origin {
  return { owner: { euid: 0, egid: 0 }, time: kernel.clock.realtime().tv_sec };
}

class ProcRoot extends VirtualDirectory {
  readonly #kernel: Kernel;
  readonly #files: ReadonlyMap<string, ChildMaker>;

  constructor(fs: VirtualFs, kernel: Kernel, origin: Origin) {
    super(fs, undefined, "", 0o555, origin);
    this.#kernel = kernel;
    const link = (target: (viewer: Viewer) => string, size = 0): ChildMaker => (directory, name) =>
      new LinkInode(directory, name, (viewer) => viewer && { text: target(viewer) }, 0o777, size);
    this.#files = new Map(Object.entries({
      self: link(({ pid }) => String(pid)),
      "thread-self": link(({ pid, tid }) => `${pid}/task/${tid}`),
      mounts: link(() => "self/mounts", 11),
      ...systemFiles(kernel),
    }));
  }

  override child(name: string): Inode | undefined {
    if (!/^[1-9][0-9]{0,8}$/.test(name)) return this.#files.get(name)?.(this, name);
    const task = this.#kernel.tasks.get(Number(name));
    return task && new TaskDirectory(this, task, true);
  }
  override *names(): Iterable<string> {
    yield* this.#files.keys();
    for (const task of this.#kernel.tasks.values()) if (task.tid === task.pid) yield String(task.pid);
  }
}
