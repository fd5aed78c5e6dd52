/** ioctl(2): what holds for every descriptor; the rest is the file's. */
import { EBADF, Errno } from "../abi/errno.ts";
import { O_ASYNC, O_NONBLOCK, O_PATH } from "../abi/fcntl.ts";
import { FIOASYNC, FIOCLEX, FIONBIO, FIONCLEX, FIONREAD } from "../abi/ioctl.ts";
import { i32 } from "../abi/layout.ts";
import { S_IFREG } from "../abi/stat.ts";
import type { Fd, UserPtr } from "../abi/types.ts";
import type { OpenFile } from "../fs/open_file.ts";
import { Stat } from "../fs/stat.ts";
import { copyIn, copyOut } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";
import type { Result, SyscallResult } from "./result.ts";

/** ioctl(2). Linux: fs/ioctl.c:do_vfs_ioctl. */
export function sysIoctl(task: Task, fd: Fd, request: number, argument: UserPtr): SyscallResult {
  const file = task.files.get(fd);
  if (!file || (file.flags & O_PATH) !== 0) return EBADF;
  switch (request) {
    case FIOCLEX:
    case FIONCLEX:
      task.files.setCloseOnExec(fd, request === FIOCLEX);
      return 0;
    case FIONBIO:
      return setFlag(task, file, O_NONBLOCK, argument);
    case FIOASYNC:
      return setFlag(task, file, O_ASYNC, argument);
    case FIONREAD:
      return file.type === S_IFREG ? bytesLeft(task, file, argument) : file.ioctl(task, request, argument);
    default:
      return file.ioctl(task, request, argument);
  }
}

function setFlag(task: Task, file: OpenFile, flag: number, argument: UserPtr): Result {
  const raw = copyIn(task, argument, 4);
  if (raw instanceof Errno) return raw;
  const on = raw.some((byte) => byte !== 0);
  file.flags = on ? file.flags | flag : file.flags & ~flag;
  return 0;
}

function bytesLeft(task: Task, file: OpenFile, argument: UserPtr): Result {
  const stat = new Stat();
  const error = file.stat(stat);
  if (error !== 0) return error;
  const out = new Uint8Array(4);
  i32.write(new DataView(out.buffer), 0, Math.max(0, stat.size - file.position));
  return copyOut(task, argument, out);
}
