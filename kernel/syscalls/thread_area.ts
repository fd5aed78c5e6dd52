/** Thread pointers: arch_prctl(2) on x86-64, set_thread_area(2) and get_thread_area(2) on i386. */
import { EFAULT, EINVAL, EPERM, Errno, ESRCH } from "../abi/errno.ts";
import { ARCH_GET_FS, ARCH_GET_GS, ARCH_SET_FS, ARCH_SET_GS } from "../abi/prctl.ts";
import { u64 } from "../abi/layout.ts";
import type { UserPtr } from "../abi/types.ts";
import { UserDesc } from "../abi/ldt.ts";
import { copyInStruct, copyOut, copyOutStruct } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";
import type { SyscallResult } from "./result.ts";

export function sysArchPrctl(task: Task, code: number, address: UserPtr): SyscallResult {
  switch (code) {
    case ARCH_SET_FS:
      if (address >= task.abi.taskSize) return EPERM;
      task.setThreadPointer(address);
      return 0;
    case ARCH_GET_FS:
      return copyOut(task, address, u64Bytes(task.threadPointer));
    case ARCH_GET_GS:
      return copyOut(task, address, u64Bytes(task.otherBase));
    case ARCH_SET_GS:
      if (address >= task.abi.taskSize) return EPERM;
      task.setOtherBase(address);
      return 0;
    default:
      return EINVAL;
  }
}

/** The one TLS entry a guest gets: the first of Linux's three (GDT_ENTRY_TLS_MIN on x86-64 kernels). */
const TLS_ENTRY = 12;

/** set_thread_area(2): entry -1 asks for a free one. */
export function sysSetThreadArea(task: Task, pointer: UserPtr): SyscallResult {
  const desc = copyInStruct(task, UserDesc, pointer);
  if (desc instanceof Errno) return desc;
  const entry = desc.entry_number | 0;
  if (entry !== -1 && entry !== TLS_ENTRY) return entry > TLS_ENTRY && entry < TLS_ENTRY + 3 ? ESRCH : EINVAL;
  if (entry === -1 && copyOutStruct(task, UserDesc, pointer, { ...desc, entry_number: TLS_ENTRY }) !== 0) {
    return EFAULT;
  }
  task.setThreadPointer(desc.base_addr);
  return 0;
}

/** get_thread_area(2). */
export function sysGetThreadArea(task: Task, pointer: UserPtr): SyscallResult {
  const desc = copyInStruct(task, UserDesc, pointer);
  if (desc instanceof Errno) return desc;
  if (desc.entry_number !== TLS_ENTRY) return EINVAL;
  return copyOutStruct(task, UserDesc, pointer, {
    entry_number: TLS_ENTRY,
    base_addr: task.threadPointer,
    limit: 0xfffff,
    flags: FLAT_WRITABLE_SEGMENT,
  });
}

/** seg_32bit | limit_in_pages | useable. */
const FLAT_WRITABLE_SEGMENT = 0x51;

function u64Bytes(value: number): Uint8Array {
  const out = new Uint8Array(8);
  u64.write(new DataView(out.buffer), 0, value);
  return out;
}
