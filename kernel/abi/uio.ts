/** struct iovec (linux/uio.h). */
import { perAbi } from "./abi.ts";
import { struct } from "./layout.ts";

export const iovec = perAbi((abi) =>
  struct("iovec", abi.word * 2, { iov_base: abi.ulong, iov_len: abi.ulong })
);

/** Most iovecs one call may carry (UIO_MAXIOV). */
export const IOV_MAX = 1024;
/** Most bytes one call moves: 2 GiB less one page (MAX_RW_COUNT). */
export const MAX_RW_COUNT = 0x7ffff000;
