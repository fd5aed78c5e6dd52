/** Memory calls: mmap(2), munmap(2), mprotect(2), mremap(2), madvise(2), msync(2), brk(2). */
import { EACCES, EBADF, EEXIST, EFAULT, EINVAL, ENODEV, ENOMEM, EPERM, Errno } from "../abi/errno.ts";
import {
  MADV_DONTNEED,
  MADV_FREE,
  MADV_POPULATE_READ,
  MADV_POPULATE_WRITE,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_PRIVATE,
  MAP_SHARED,
  MAP_SHARED_VALIDATE,
  MAP_TYPE,
  MCL_CURRENT,
  MCL_FUTURE,
  MCL_ONFAULT,
  MLOCK_ONFAULT,
  MREMAP_DONTUNMAP,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  PROT_GROWSDOWN,
  PROT_SEM,
} from "../abi/mman.ts";
import { u32 } from "../abi/layout.ts";
import { READ_IMPLIES_EXEC } from "../abi/personality.ts";
import { RLIMIT_AS, RLIMIT_DATA } from "../abi/resource.ts";
import type { Fd, UserPtr } from "../abi/types.ts";
import { PAGE_SIZE, pageCeil, PROT_EXEC, PROT_READ, PROT_WRITE } from "../host.ts";
import { absolutePath } from "../fs/mount.ts";
import type { OpenFile } from "../fs/open_file.ts";
import { S_IFREG } from "../abi/stat.ts";
import { mapShared, syncShared } from "../mm/shared_mapping.ts";
import { placeLibrary } from "../mm/module_code.ts";
import { HEAP } from "../mm/lent_heap.ts";
import { extendArea, moveAreas } from "../mm/remap.ts";
import { STACK } from "../mm/stack.ts";
import { copyIn, copyOut } from "../mm/user_memory.ts";
import type { FileRange } from "../mm/vma.ts";
import type { Task } from "../task/task.ts";
import type { SyscallResult } from "./result.ts";

/** vm.mmap_min_addr, and where Windows' user addresses begin. */
const MMAP_MIN_ADDR = 0x1_0000;

const FIXED = MAP_FIXED | MAP_FIXED_NOREPLACE;

/** mmap(2). Linux: ksys_mmap_pgoff, do_mmap. `offset` is in bytes. */
export function sysMmap(
  task: Task,
  address: UserPtr,
  length: number,
  prot: number,
  flags: number,
  fd: Fd,
  offset: number,
): SyscallResult {
  if (offset % PAGE_SIZE !== 0 || length === 0) return EINVAL;
  const type = flags & MAP_TYPE;
  if (type !== MAP_PRIVATE && type !== MAP_SHARED && type !== MAP_SHARED_VALIDATE) return EINVAL;
  if (impliesExec(task, prot)) prot |= PROT_EXEC;
  const anonymous = (flags & MAP_ANONYMOUS) !== 0;
  const file = anonymous ? undefined : mappableFile(task, fd, prot, type);
  if (file instanceof Errno) return file;
  const size = pageCeil(length);
  if (size > task.abi.taskSize) return ENOMEM;
  const library = file !== undefined && type === MAP_PRIVATE && address === 0 && (flags & FIXED) === 0
    ? placeLibrary(task.mm, file, offset, size)
    : undefined;
  const start = library ?? placeMapping(task, address, size, flags);
  if (start instanceof Errno) return start;
  if (exceedsAddressSpaceLimit(task, size)) return ENOMEM;
  const range = file && fileRange(file, offset);
  const request = { start, end: start + size, prot };
  if (type !== MAP_PRIVATE && (prot & PROT_EXEC) === 0) return mapSharedPages(task, request, range) ?? start;
  const shared = type !== MAP_PRIVATE;
  return task.mm.map({
    ...request,
    shared,
    untouched: library !== undefined,
    ...(range && { file: range }),
  }) ?? start;
}

/** Without a file, the pages are those of a nameless one in memory, as on Linux. */
function mapSharedPages(
  task: Task,
  request: { readonly start: number; readonly end: number; readonly prot: number },
  range: FileRange | undefined,
): Errno | undefined {
  if (range !== undefined) return mapShared(task.mm, { ...request, file: range });
  const file = task.kernel.shmem.createFile(task.credentials, "/dev/zero (deleted)");
  const sized = file.truncate(request.end - request.start);
  const failure = sized === 0
    ? mapShared(task.mm, { ...request, file: { file, offset: 0, path: file.description } })
    : sized;
  file.release(); // the address space holds it
  return failure;
}

/** mmap2(2) of i386: `page` is the offset in pages. */
export function sysMmap2(
  task: Task,
  address: UserPtr,
  length: number,
  prot: number,
  flags: number,
  fd: Fd,
  page: number,
): SyscallResult {
  return sysMmap(task, address, length, prot, flags, fd, page * PAGE_SIZE);
}

/** The first mmap of i386: six words in memory. */
export function sysOldMmap(task: Task, block: UserPtr): SyscallResult {
  const raw = copyIn(task, block, 24);
  if (raw instanceof Errno) return raw;
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
  const word = (index: number) => u32.read(view, index * 4);
  return sysMmap(task, word(0), word(1), word(2), word(3), word(4) | 0, word(5));
}

/** munmap(2). */
export function sysMunmap(task: Task, address: UserPtr, length: number): SyscallResult {
  const size = pageCeil(length);
  if (address % PAGE_SIZE !== 0 || size === 0 || address + size > task.abi.taskSize) return EINVAL;
  task.mm.unmap(address, address + size, true);
  return 0;
}

/** mprotect(2). Linux: mm/mprotect.c:do_mprotect_pkey. */
export function sysMprotect(task: Task, address: UserPtr, length: number, prot: number): SyscallResult {
  if (address % PAGE_SIZE !== 0) return EINVAL;
  if ((prot & ~(PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM | PROT_GROWSDOWN)) !== 0) return EINVAL;
  const end = address + pageCeil(length);
  if (length === 0) return 0;
  if (end > task.abi.taskSize) return ENOMEM;
  if ((prot & PROT_GROWSDOWN) !== 0) {
    // From the lower end of what grows down: the stack, whose areas may differ in protection alone.
    const stack = task.mm.vmas.overlapping(address, end)[0];
    if (stack === undefined) return ENOMEM;
    if (stack.name !== STACK) return EINVAL;
    address = stack.start;
  }
  prot &= PROT_READ | PROT_WRITE | PROT_EXEC;
  if (impliesExec(task, prot)) prot |= PROT_EXEC;
  for (const area of task.mm.vmas.overlapping(address, end)) {
    if (!area.showsFile) continue;
    if ((prot & PROT_WRITE) !== 0 && area.file?.file.writable === false) return EACCES;
    if ((prot & PROT_EXEC) !== 0) return EACCES; // rewritten code would be written back
  }
  return task.mm.protect(address, end, prot) ?? 0;
}

/** mremap(2). Linux: mm/mremap.c. */
export function sysMremap(
  task: Task,
  oldAddress: UserPtr,
  oldLength: number,
  newLength: number,
  flags: number,
  newAddress: UserPtr,
): SyscallResult {
  const known = MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP;
  if ((flags & ~known) !== 0 || oldAddress % PAGE_SIZE !== 0) return EINVAL;
  if ((flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) !== 0 && (flags & MREMAP_MAYMOVE) === 0) return EINVAL;
  if ((flags & MREMAP_DONTUNMAP) !== 0) return EINVAL; // not offered: glibc's realloc does without
  const oldSize = pageCeil(oldLength);
  const newSize = pageCeil(newLength);
  if (newSize === 0 || oldSize === 0 || newSize > task.abi.taskSize) return EINVAL;
  const { mm } = task;
  if (!mm.vmas.covers(oldAddress, oldAddress + oldSize)) return EFAULT;
  if ((flags & MREMAP_FIXED) !== 0) {
    return remapFixed(task, oldAddress, oldSize, newSize, newAddress);
  }
  const oldEnd = oldAddress + oldSize;
  if (newSize <= oldSize) {
    if (newSize < oldSize) mm.unmap(oldAddress + newSize, oldEnd);
    return oldAddress;
  }
  if (exceedsAddressSpaceLimit(task, newSize - oldSize)) return ENOMEM;
  if (mm.places.isFree(oldEnd, oldAddress + newSize) && growInPlace(task, oldAddress, oldSize, newSize)) {
    return oldAddress;
  }
  if ((flags & MREMAP_MAYMOVE) === 0) return ENOMEM;
  const target = mm.places.find(newSize);
  return target === undefined ? ENOMEM : moveTo(task, oldAddress, oldSize, newSize, target);
}

/** madvise(2). Advice that only tunes is accepted and does nothing. */
export function sysMadvise(task: Task, address: UserPtr, length: number, advice: number): SyscallResult {
  if (address % PAGE_SIZE !== 0) return EINVAL;
  const end = address + pageCeil(length);
  if (advice < 0 || advice > LAST_ADVICE && advice !== MADV_POPULATE_READ && advice !== MADV_POPULATE_WRITE) {
    return EINVAL;
  }
  if (end === address) return 0;
  if (advice === MADV_DONTNEED || advice === MADV_FREE) task.mm.discard(address, end);
  return task.mm.vmas.covers(address, end) ? 0 : ENOMEM;
}

/** msync(2). */
export function sysMsync(task: Task, address: UserPtr, length: number, flags: number): SyscallResult {
  if (address % PAGE_SIZE !== 0 || (flags & ~7) !== 0 || (flags & 5) === 5) return EINVAL;
  const end = address + pageCeil(length);
  return syncShared(task.mm, address, end) || (task.mm.vmas.covers(address, end) ? 0 : ENOMEM);
}

/** mincore(2): what is mapped is in memory, as far as the kernel can tell. Errors: EINVAL, ENOMEM, EFAULT. */
export function sysMincore(task: Task, address: UserPtr, length: number, out: UserPtr): SyscallResult {
  if (address % PAGE_SIZE !== 0) return EINVAL;
  const end = address + pageCeil(length);
  if (end > task.abi.taskSize || !task.mm.vmas.covers(address, end)) return ENOMEM;
  return copyOut(task, out, new Uint8Array((end - address) / PAGE_SIZE).fill(1));
}

/** mlock(2), munlock(2): memory is not paged by us; only the range is checked. */
export function sysMlock(task: Task, address: UserPtr, length: number): SyscallResult {
  const start = address - address % PAGE_SIZE;
  return task.mm.vmas.covers(start, pageCeil(address + length)) ? 0 : ENOMEM;
}

/** mlock2(2): MLOCK_ONFAULT makes no difference. */
export function sysMlock2(task: Task, address: UserPtr, length: number, flags: number): SyscallResult {
  return (flags & ~MLOCK_ONFAULT) !== 0 ? EINVAL : sysMlock(task, address, length);
}

/** mlockall(2). */
export function sysMlockall(_task: Task, flags: number): SyscallResult {
  const known = MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT;
  return flags === 0 || (flags & ~known) !== 0 || flags === MCL_ONFAULT ? EINVAL : 0;
}

export function sysMunlockall(_task: Task): SyscallResult {
  return 0;
}

/** brk(2): the new end of the heap, or the old one where it cannot be moved. */
export function sysBrk(task: Task, wanted: UserPtr): SyscallResult {
  const { mm } = task;
  if (wanted < mm.startBrk || wanted - mm.startBrk > task.limits.current(RLIMIT_DATA)) return mm.brk;
  mm.heap.takeBack();
  const oldEnd = pageCeil(mm.brk);
  const newEnd = pageCeil(wanted);
  if (newEnd < oldEnd) mm.unmap(newEnd, oldEnd, true);
  else if (newEnd > oldEnd) {
    if (!mm.places.isFree(oldEnd, newEnd + PAGE_SIZE) || exceedsAddressSpaceLimit(task, newEnd - oldEnd)) {
      return mm.brk;
    }
    if (mm.map({ ...HEAP, start: oldEnd, end: newEnd }) !== undefined) return mm.brk;
  }
  mm.brk = wanted;
  // Who has moved its heap's end is likely to do so again.
  const limited = task.limits.current(RLIMIT_AS) !== Infinity || task.kernel.tracer !== undefined;
  if (newEnd !== oldEnd && !limited) {
    mm.heap.lend(task.thread, mm.startBrk + task.limits.current(RLIMIT_DATA));
  }
  return wanted;
}

/** Old i386 programs may execute whatever they can read (personality(2), READ_IMPLIES_EXEC). */
function impliesExec({ settings }: Task, prot: number): boolean {
  return (settings.personality & READ_IMPLIES_EXEC) !== 0 && (prot & PROT_READ) !== 0;
}

/** MADV_COLLAPSE and what comes after it is too new to be relied on; everything up to it is known. */
const LAST_ADVICE = 25;

function mappableFile(task: Task, fd: Fd, prot: number, type: number): OpenFile | Errno {
  const file = task.files.get(fd);
  if (file === undefined) return EBADF;
  if (!file.readable) return EACCES;
  if (type !== MAP_PRIVATE && (prot & PROT_WRITE) !== 0) {
    if (!file.writable) return EACCES;
    if ((prot & PROT_EXEC) !== 0) return ENODEV; // rewritten code would be written back
  }
  return file.type === S_IFREG ? file : ENODEV;
}

function fileRange(file: OpenFile, offset: number): FileRange {
  const path = file.location === undefined ? file.description : absolutePath(file.location);
  return { file, offset, path };
}

/** Where the mapping goes. Linux: get_unmapped_area. */
function placeMapping(task: Task, address: UserPtr, size: number, flags: number): number | Errno {
  const { mm } = task;
  if ((flags & FIXED) !== 0) {
    if (address % PAGE_SIZE !== 0) return EINVAL;
    if (address + size > mm.container.usable.end) return ENOMEM;
    if (address < MMAP_MIN_ADDR) return EPERM;
    const replaces = mm.vmas.overlapping(address, address + size).length > 0;
    return replaces && (flags & MAP_FIXED_NOREPLACE) !== 0 ? EEXIST : address;
  }
  const hint = pageCeil(address);
  if (hint >= MMAP_MIN_ADDR && mm.places.isFree(hint, hint + size) && mm.places.canBack(hint, hint + size)) {
    return hint;
  }
  return ((flags & MAP_TYPE) === MAP_PRIVATE ? mm.places.find(size) : mm.places.findFresh(size)) ?? ENOMEM;
}

function exceedsAddressSpaceLimit(task: Task, size: number): boolean {
  const limit = task.limits.current(RLIMIT_AS);
  return limit !== Infinity && task.mm.totalSize() + size > limit;
}

function remapFixed(
  task: Task,
  oldAddress: number,
  oldSize: number,
  newSize: number,
  newAddress: number,
): SyscallResult {
  const overlaps = newAddress < oldAddress + oldSize && oldAddress < newAddress + newSize;
  if (newAddress % PAGE_SIZE !== 0 || newAddress + newSize > task.abi.taskSize || overlaps) return EINVAL;
  if (newAddress < MMAP_MIN_ADDR) return EPERM;
  task.mm.unmap(newAddress, newAddress + newSize);
  return moveTo(task, oldAddress, oldSize, newSize, newAddress);
}

function moveTo(task: Task, from: number, oldSize: number, newSize: number, to: number): SyscallResult {
  const moved = Math.min(oldSize, newSize);
  const failure = moveAreas(task.mm, from, moved, to);
  if (failure !== undefined) return failure;
  if (oldSize > moved) task.mm.unmap(from + moved, from + oldSize);
  if (newSize > moved && !growInPlace(task, to, moved, newSize)) return ENOMEM;
  return to;
}

function growInPlace(task: Task, start: number, oldSize: number, newSize: number): boolean {
  return extendArea(task.mm, start + oldSize, start + newSize) === undefined;
}
