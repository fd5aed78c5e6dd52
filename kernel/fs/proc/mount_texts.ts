/** /proc/pid/mounts and mountinfo (proc(5)). */
import { major, minor } from "../../abi/stat.ts";
import type { Task } from "../../task/task.ts";
import { visiblePath } from "../../syscalls/directory.ts";
import type { Mount } from "../mount.ts";

const OPTIONS = "rw,relatime";

/** Every mount that the task's root shows, with its path there. */
function visibleMounts(task: Task): (readonly [Mount, string])[] {
  let top = task.fs.root.mount;
  while (top.parent) top = top.parent;
  const found: (readonly [Mount, string])[] = [];
  const visit = (mount: Mount) => {
    const path = visiblePath(task, mount.root);
    if (path !== undefined && path.startsWith("/")) found.push([mount, path]);
    for (const child of mount.children()) visit(child);
  };
  visit(top);
  return found;
}

/** Blanks and backslashes as octal numbers (seq_path). */
function escape(text: string): string {
  return text.replace(/[ \t\n\\#]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, "0")}`);
}

export function mountsText(task: Task): string {
  return visibleMounts(task).map(([{ fs }, path]) =>
    `${escape(fs.source ?? fs.type)} ${escape(path)} ${fs.type} ${OPTIONS} 0 0\n`
  ).join("");
}

export function mountinfoText(task: Task): string {
  return visibleMounts(task).map(([{ fs, parent }, path]) => {
    const device = `${major(fs.dev)}:${minor(fs.dev)}`;
    const place = `${fs.dev} ${parent?.fs.dev ?? 1} ${device} / ${escape(path)} ${OPTIONS}`;
    return `${place} - ${fs.type} ${escape(fs.source ?? fs.type)} rw\n`;
  }).join("");
}
