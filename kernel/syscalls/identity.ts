/** User and group ids (credentials(7)). The 16-bit calls of i386 show ids that do not fit as 65534. */
import { EINVAL, EPERM, Errno } from "../abi/errno.ts";
import { u16, u32 } from "../abi/layout.ts";
import type { UserPtr } from "../abi/types.ts";
import { copyIn, copyOut } from "../mm/user_memory.ts";
import { type Ids, KEEP_ID, setId, setReId, setResId } from "../task/credentials.ts";
import type { Task } from "../task/task.ts";
import type { SyscallResult } from "./result.ts";

/** Most supplementary groups. */
const NGROUPS_MAX = 65536;
/** fs.overflowuid: what a 16-bit call shows for an id that does not fit. */
const OVERFLOW_ID = 65534;

/** getuid(2). */
export function sysGetuid(task: Task): SyscallResult {
  return task.credentials.uid;
}
/** geteuid(2). */
export function sysGeteuid(task: Task): SyscallResult {
  return task.credentials.euid;
}
/** getgid(2). */
export function sysGetgid(task: Task): SyscallResult {
  return task.credentials.gid;
}
/** getegid(2). */
export function sysGetegid(task: Task): SyscallResult {
  return task.credentials.egid;
}
/** getuid of i386, 16 bits. */
export function sysGetuid16(task: Task): SyscallResult {
  return low16(task.credentials.uid);
}
/** geteuid of i386, 16 bits. */
export function sysGeteuid16(task: Task): SyscallResult {
  return low16(task.credentials.euid);
}
/** getgid of i386, 16 bits. */
export function sysGetgid16(task: Task): SyscallResult {
  return low16(task.credentials.gid);
}
/** getegid of i386, 16 bits. */
export function sysGetegid16(task: Task): SyscallResult {
  return low16(task.credentials.egid);
}

function low16(id: number): number {
  return id > 0xffff ? OVERFLOW_ID : id;
}

/** setuid(2). Errors: EINVAL, EPERM. */
export function sysSetuid(task: Task, uid: number): SyscallResult {
  if (uid === KEEP_ID) return EINVAL;
  return changeUser(task, setId(task.credentials.user, uid, task.credentials.privileged));
}

/** setgid(2). Errors: EINVAL, EPERM. */
export function sysSetgid(task: Task, gid: number): SyscallResult {
  if (gid === KEEP_ID) return EINVAL;
  return changeGroup(task, setId(task.credentials.group, gid, task.credentials.privileged));
}

/** setreuid(2). Errors: EPERM. */
export function sysSetreuid(task: Task, real: number, effective: number): SyscallResult {
  return changeUser(task, setReId(task.credentials.user, real, effective, task.credentials.privileged));
}

/** setregid(2). Errors: EPERM. */
export function sysSetregid(task: Task, real: number, effective: number): SyscallResult {
  return changeGroup(task, setReId(task.credentials.group, real, effective, task.credentials.privileged));
}

/** setresuid(2). Errors: EPERM. */
export function sysSetresuid(task: Task, real: number, effective: number, saved: number): SyscallResult {
  return changeUser(
    task,
    setResId(task.credentials.user, real, effective, saved, task.credentials.privileged),
  );
}

/** setresgid(2). Errors: EPERM. */
export function sysSetresgid(task: Task, real: number, effective: number, saved: number): SyscallResult {
  return changeGroup(
    task,
    setResId(task.credentials.group, real, effective, saved, task.credentials.privileged),
  );
}

function changeUser(task: Task, ids: Ids | undefined): SyscallResult {
  if (ids === undefined) return EPERM;
  task.credentials = task.credentials.withUser(ids);
  return 0;
}

function changeGroup(task: Task, ids: Ids | undefined): SyscallResult {
  if (ids === undefined) return EPERM;
  task.credentials = task.credentials.withGroup(ids);
  return 0;
}

/** setfsuid(2): the old id, whether or not it changed. */
export function sysSetfsuid(task: Task, uid: number): SyscallResult {
  const { user, privileged } = task.credentials;
  if (maySetFilesystem(user, uid, privileged)) {
    task.credentials = task.credentials.withUser({ ...user, filesystem: uid });
  }
  return user.filesystem;
}

/** setfsgid(2): the old id, whether or not it changed. */
export function sysSetfsgid(task: Task, gid: number): SyscallResult {
  const { group, privileged } = task.credentials;
  if (maySetFilesystem(group, gid, privileged)) {
    task.credentials = task.credentials.withGroup({ ...group, filesystem: gid });
  }
  return group.filesystem;
}

function maySetFilesystem(ids: Ids, id: number, privileged: boolean): boolean {
  if (id === KEEP_ID) return false;
  return privileged || [ids.real, ids.effective, ids.saved, ids.filesystem].includes(id);
}

/** getresuid(2). Errors: EFAULT. */
export function sysGetresuid(task: Task, real: UserPtr, effective: UserPtr, saved: UserPtr): SyscallResult {
  return storeIds(task, task.credentials.user, [real, effective, saved], 4);
}
/** getresgid(2). Errors: EFAULT. */
export function sysGetresgid(task: Task, real: UserPtr, effective: UserPtr, saved: UserPtr): SyscallResult {
  return storeIds(task, task.credentials.group, [real, effective, saved], 4);
}
/** getresuid of i386, 16 bits. */
export function sysGetresuid16(task: Task, real: UserPtr, effective: UserPtr, saved: UserPtr): SyscallResult {
  return storeIds(task, task.credentials.user, [real, effective, saved], 2);
}
/** getresgid of i386, 16 bits. */
export function sysGetresgid16(task: Task, real: UserPtr, effective: UserPtr, saved: UserPtr): SyscallResult {
  return storeIds(task, task.credentials.group, [real, effective, saved], 2);
}

function storeIds(task: Task, ids: Ids, to: readonly [UserPtr, UserPtr, UserPtr], width: 2 | 4): 0 | Errno {
  const values = [ids.real, ids.effective, ids.saved];
  for (const [i, address] of to.entries()) {
    const stored = copyOut(task, address, idBytes([values[i]!], width));
    if (stored instanceof Errno) return stored;
  }
  return 0;
}

/** getgroups(2): how many there are. Errors: EINVAL when `size` is too small, EFAULT. */
export function sysGetgroups(task: Task, size: number, list: UserPtr): SyscallResult {
  return storeGroups(task, size, list, 4);
}
/** getgroups of i386, 16 bits. */
export function sysGetgroups16(task: Task, size: number, list: UserPtr): SyscallResult {
  return storeGroups(task, size, list, 2);
}

function storeGroups(task: Task, size: number, list: UserPtr, width: 2 | 4): SyscallResult {
  const { groups } = task.credentials;
  if (size < 0) return EINVAL;
  if (size === 0) return groups.length;
  if (size < groups.length) return EINVAL;
  const stored = copyOut(task, list, idBytes(groups, width));
  return stored instanceof Errno ? stored : groups.length;
}

/** setgroups(2). Errors: EPERM, EINVAL, EFAULT. */
export function sysSetgroups(task: Task, size: number, list: UserPtr): SyscallResult {
  return loadGroups(task, size, list, 4);
}
/** setgroups of i386, 16 bits. */
export function sysSetgroups16(task: Task, size: number, list: UserPtr): SyscallResult {
  return loadGroups(task, size, list, 2);
}

function loadGroups(task: Task, size: number, list: UserPtr, width: 2 | 4): SyscallResult {
  if (!task.credentials.privileged) return EPERM;
  if (size < 0 || size > NGROUPS_MAX) return EINVAL;
  const raw = copyIn(task, list, size * width);
  if (raw instanceof Errno) return raw;
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const field = width === 2 ? u16 : u32;
  const groups = Array.from({ length: size }, (_, i) => field.read(view, i * width));
  if (groups.includes(KEEP_ID)) return EINVAL;
  task.credentials = task.credentials.withGroups(groups.toSorted((a, b) => a - b));
  return 0;
}

function idBytes(ids: readonly number[], width: 2 | 4): Uint8Array<ArrayBuffer> {
  const raw = width === 2 ? Uint16Array.from(ids, low16) : Uint32Array.from(ids);
  return new Uint8Array(raw.buffer);
}
