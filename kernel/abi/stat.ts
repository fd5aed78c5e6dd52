/** File types, modes and the stat structures (uapi/linux/stat.h, arch/x86/include/uapi/asm/stat.h). */
import { i64, pad, struct, u16, u32, u64 } from "./layout.ts";

export const S_IFMT = 0o170000;
export const S_IFSOCK = 0o140000;
export const S_IFLNK = 0o120000;
export const S_IFREG = 0o100000;
export const S_IFBLK = 0o060000;
export const S_IFDIR = 0o040000;
export const S_IFCHR = 0o020000;
export const S_IFIFO = 0o010000;
export const S_ISUID = 0o4000;
export const S_ISGID = 0o2000;
export const S_ISVTX = 0o1000;
/** All bits that chmod(2) may set. */
export const S_IALLUGO = 0o7777;

/** linux/kdev_t.h: new_encode_dev. */
export function makedev(major: number, minor: number): number {
  return ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0;
}

export function major(dev: number): number {
  return (dev >>> 8) & 0xfff;
}

export function minor(dev: number): number {
  return (dev & 0xff) | ((dev >>> 12) & 0xfff00);
}

/** struct stat of x86-64. */
export const statX64 = struct("stat", 144, {
  st_dev: u64,
  st_ino: u64,
  st_nlink: u64,
  st_mode: u32,
  st_uid: u32,
  st_gid: u32,
  _pad0: pad(4),
  st_rdev: u64,
  st_size: i64,
  st_blksize: i64,
  st_blocks: i64,
  st_atime: i64,
  st_atime_nsec: u64,
  st_mtime: i64,
  st_mtime_nsec: u64,
  st_ctime: i64,
  st_ctime_nsec: u64,
  _unused: pad(24),
});

/** struct stat of i386 (stat, lstat, fstat). */
export const statI386 = struct("stat", 64, {
  st_dev: u32,
  st_ino: u32,
  st_mode: u16,
  st_nlink: u16,
  st_uid: u16,
  st_gid: u16,
  st_rdev: u32,
  st_size: u32,
  st_blksize: u32,
  st_blocks: u32,
  st_atime: u32,
  st_atime_nsec: u32,
  st_mtime: u32,
  st_mtime_nsec: u32,
  st_ctime: u32,
  st_ctime_nsec: u32,
  _unused: pad(8),
});

/** struct stat64 of i386 (stat64, lstat64, fstat64, fstatat64). */
export const stat64I386 = struct("stat64", 96, {
  st_dev: u64,
  _pad0: pad(4),
  st_ino_low: u32,
  st_mode: u32,
  st_nlink: u32,
  st_uid: u32,
  st_gid: u32,
  st_rdev: u64,
  _pad3: pad(4),
  st_size: i64,
  st_blksize: u32,
  st_blocks: u64,
  st_atime: u32,
  st_atime_nsec: u32,
  st_mtime: u32,
  st_mtime_nsec: u32,
  st_ctime: u32,
  st_ctime_nsec: u32,
  st_ino: u64,
});

/** struct __old_kernel_stat of i386 (oldstat, oldlstat, oldfstat). */
export const oldStatI386 = struct("__old_kernel_stat", 32, {
  st_dev: u16,
  st_ino: u16,
  st_mode: u16,
  st_nlink: u16,
  st_uid: u16,
  st_gid: u16,
  st_rdev: u16,
  _pad0: pad(2),
  st_size: u32,
  st_atime: u32,
  st_mtime: u32,
  st_ctime: u32,
});

const statxTimestamp = struct("statx_timestamp", 16, { tv_sec: i64, tv_nsec: u32, _reserved: pad(4) });

export const statx = struct("statx", 256, {
  stx_mask: u32,
  stx_blksize: u32,
  stx_attributes: u64,
  stx_nlink: u32,
  stx_uid: u32,
  stx_gid: u32,
  stx_mode: u16,
  _spare0: pad(2),
  stx_ino: u64,
  stx_size: u64,
  stx_blocks: u64,
  stx_attributes_mask: u64,
  stx_atime: statxTimestamp,
  stx_btime: statxTimestamp,
  stx_ctime: statxTimestamp,
  stx_mtime: statxTimestamp,
  stx_rdev_major: u32,
  stx_rdev_minor: u32,
  stx_dev_major: u32,
  stx_dev_minor: u32,
  stx_mnt_id: u64,
  stx_dio_mem_align: u32,
  stx_dio_offset_align: u32,
  _spare3: pad(96),
});

export const STATX_BASIC_STATS = 0x7ff;
export const STATX_BTIME = 0x800;
export const STATX_MNT_ID = 0x1000;
export const STATX__RESERVED = 0x80000000;
