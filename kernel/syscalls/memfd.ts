/** memfd_create(2). */
import { EINVAL, Errno } from "../abi/errno.ts";
import { MFD_ALLOW_SEALING, MFD_CLOEXEC, MFD_EXEC, MFD_NOEXEC_SEAL } from "../abi/mman.ts";
import { F_SEAL_SEAL } from "../abi/seal.ts";
import { decodeName } from "../abi/names.ts";
import type { UserPtr } from "../abi/types.ts";
import { copyInString } from "../mm/user_memory.ts";
import type { Task } from "../task/task.ts";
import type { SyscallResult } from "./result.ts";

/** Longest name, NUL included: NAME_MAX with room for "memfd:". */
const NAME_SIZE = 250;

/** memfd_create(2). Errors: EINVAL, EFAULT, EMFILE. */
export function sysMemfdCreate(task: Task, name: UserPtr, flags: number): SyscallResult {
  const known = MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL | MFD_EXEC;
  if ((flags & ~known) !== 0) return EINVAL; // MFD_HUGETLB, too
  const raw = copyInString(task, name, NAME_SIZE);
  if (raw instanceof Errno) return raw.name === "ENAMETOOLONG" ? EINVAL : raw;
  const file = task.kernel.shmem.createFile(task.credentials, `/memfd:${decodeName(raw)} (deleted)`);
  file.startSeals((flags & (MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL)) !== 0 ? 0 : F_SEAL_SEAL);
  const fd = task.files.install(file, (flags & MFD_CLOEXEC) !== 0);
  if (fd instanceof Errno) file.release();
  return fd;
}
