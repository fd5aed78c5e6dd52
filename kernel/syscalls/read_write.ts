/** read(2), write(2), lseek(2) and their vectored and positioned forms. */
import { EBADF, EINVAL, EOPNOTSUPP, Errno } from "../abi/errno.ts";
import { SEEK_HOLE, SEEK_SET } from "../abi/fcntl.ts";
import type { Fd, UserPtr } from "../abi/types.ts";
import { i64 } from "../abi/layout.ts";
import { LEAST_LENT } from "../host_files.ts";
import { copyOut } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";
import type { SyscallResult } from "./result.ts";
import { CURRENT, readVectors, transfer, transferVectors } from "./transfer.ts";

export function sysRead(task: Task, fd: Fd, buf: UserPtr, count: number): SyscallResult {
  const file = task.files.get(fd);
  if (!file?.readable) return EBADF;
  if (count >= LEAST_LENT) file.offerTo(task, fd, count);
  return transfer(task, file, buf, count, CURRENT, true);
}

export function sysWrite(task: Task, fd: Fd, buf: UserPtr, count: number): SyscallResult {
  const file = task.files.get(fd);
  if (!file?.writable) return EBADF;
  if (count >= LEAST_LENT) file.offerTo(task, fd, count);
  return transfer(task, file, buf, count, CURRENT, false);
}

export function sysPread64(task: Task, fd: Fd, buf: UserPtr, count: number, offset: number): SyscallResult {
  if (offset < 0) return EINVAL;
  const file = task.files.get(fd);
  if (!file?.readable) return EBADF;
  if (count >= LEAST_LENT) file.offerTo(task, fd, count);
  return transfer(task, file, buf, count, offset, true);
}

export function sysPwrite64(task: Task, fd: Fd, buf: UserPtr, count: number, offset: number): SyscallResult {
  if (offset < 0) return EINVAL;
  const file = task.files.get(fd);
  if (!file?.writable) return EBADF;
  if (count >= LEAST_LENT) file.offerTo(task, fd, count);
  return transfer(task, file, buf, count, offset, false);
}

export function sysReadv(task: Task, fd: Fd, iov: UserPtr, count: number): SyscallResult {
  return vectored(task, fd, iov, count, CURRENT, true);
}
export function sysWritev(task: Task, fd: Fd, iov: UserPtr, count: number): SyscallResult {
  return vectored(task, fd, iov, count, CURRENT, false);
}
export function sysPreadv(task: Task, fd: Fd, iov: UserPtr, count: number, offset: number): SyscallResult {
  return offset < 0 ? EINVAL : vectored(task, fd, iov, count, offset, true);
}
export function sysPwritev(task: Task, fd: Fd, iov: UserPtr, count: number, offset: number): SyscallResult {
  return offset < 0 ? EINVAL : vectored(task, fd, iov, count, offset, false);
}
/** preadv2(2): an offset of -1 is the file's position; of the flags only RWF_HIPRI, _DSYNC and _SYNC are taken. */
export function sysPreadv2(
  task: Task,
  fd: Fd,
  iov: UserPtr,
  count: number,
  offset: number,
  flags: number,
): SyscallResult {
  if ((flags & ~RWF_HINTS) !== 0) return EOPNOTSUPP;
  return offset < CURRENT ? EINVAL : vectored(task, fd, iov, count, offset, true);
}
export function sysPwritev2(
  task: Task,
  fd: Fd,
  iov: UserPtr,
  count: number,
  offset: number,
  flags: number,
): SyscallResult {
  if ((flags & ~RWF_HINTS) !== 0) return EOPNOTSUPP;
  return offset < CURRENT ? EINVAL : vectored(task, fd, iov, count, offset, false);
}
const RWF_HINTS = 0x7;

export function sysLseek(task: Task, fd: Fd, offset: number, whence: number): SyscallResult {
  const file = task.files.get(fd);
  if (!file) return EBADF;
  return isWhence(whence) ? file.seek(offset, whence) : EINVAL;
}

/** Also where the file ignores it, as devices do (fs/read_write.c:ksys_lseek). */
function isWhence(whence: number): boolean {
  return whence >= SEEK_SET && whence <= SEEK_HOLE;
}

/** _llseek(2), i386: the offset's halves apart, the result through memory. */
export function sysLlseek(
  task: Task,
  fd: Fd,
  high: number,
  low: number,
  result: UserPtr,
  whence: number,
): SyscallResult {
  const file = task.files.get(fd);
  if (!file) return EBADF;
  if (!isWhence(whence)) return EINVAL;
  const position = file.seek((high | 0) * 2 ** 32 + (low >>> 0), whence);
  if (position instanceof Errno) return position;
  const out = new Uint8Array(8);
  i64.write(new DataView(out.buffer), 0, position);
  return copyOut(task, result, out);
}

function vectored(
  task: Task,
  fd: Fd,
  iov: UserPtr,
  count: number,
  offset: number,
  reading: boolean,
): SyscallResult {
  const file = task.files.get(fd);
  if (!file || !(reading ? file.readable : file.writable)) return EBADF;
  const vectors = readVectors(task, iov, count);
  return vectors instanceof Errno ? vectors : transferVectors(task, file, vectors, offset, reading);
}
