/** pipe(2) and pipe2(2). */
import { EINVAL, Errno } from "../abi/errno.ts";
import { O_CLOEXEC, O_DIRECT, O_NONBLOCK } from "../abi/fcntl.ts";
import type { Fd, UserPtr } from "../abi/types.ts";
import type { OpenFile } from "../fs/open_file.ts";
import { createPipe } from "../fs/pipe_file.ts";
import { copyOut } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";
import type { Result, SyscallResult } from "./result.ts";
import { intBytes } from "./words.ts";

export function sysPipe(task: Task, fds: UserPtr): SyscallResult {
  return sysPipe2(task, fds, 0);
}

/** pipe2(2). Errors: EINVAL, EMFILE, EFAULT. Linux: fs/pipe.c:do_pipe2. */
export function sysPipe2(task: Task, fds: UserPtr, flags: number): SyscallResult {
  if ((flags & ~(O_CLOEXEC | O_NONBLOCK | O_DIRECT)) !== 0) return EINVAL;
  const inode = task.kernel.anonInodes.pipe(task.credentials);
  const [reader, writer] = createPipe(inode, flags & ~O_CLOEXEC);
  const closeOnExec = (flags & O_CLOEXEC) !== 0;
  const readFd = installOrRelease(task, reader, closeOnExec);
  if (readFd instanceof Errno) {
    writer.release();
    return readFd;
  }
  const writeFd = installOrRelease(task, writer, closeOnExec);
  if (writeFd instanceof Errno) {
    task.files.close(readFd);
    return writeFd;
  }
  const error = copyOut(task, fds, intBytes(readFd, writeFd));
  if (error !== 0) {
    task.files.close(readFd);
    task.files.close(writeFd);
  }
  return error;
}

/** Gives a new file a descriptor; the file is gone when there is none. */
export function installOrRelease(task: Task, file: OpenFile, closeOnExec: boolean): Result & (Fd | Errno) {
  const fd = task.files.install(file, closeOnExec);
  if (fd instanceof Errno) file.release();
  return fd;
}
