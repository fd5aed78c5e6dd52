/** statfs(2) structures and file system magics (uapi/asm-generic/statfs.h, linux/magic.h). */
import { array, i64, pad, struct, u32, u64 } from "./layout.ts";

export const statfsX64 = struct("statfs", 120, {
  f_type: i64,
  f_bsize: i64,
  f_blocks: u64,
  f_bfree: u64,
  f_bavail: u64,
  f_files: u64,
  f_ffree: u64,
  f_fsid: array(u32, 2),
  f_namelen: i64,
  f_frsize: i64,
  f_flags: i64,
  _spare: pad(32),
});

/** struct statfs of i386. */
export const statfsI386 = struct("statfs", 64, {
  f_type: u32,
  f_bsize: u32,
  f_blocks: u32,
  f_bfree: u32,
  f_bavail: u32,
  f_files: u32,
  f_ffree: u32,
  f_fsid: array(u32, 2),
  f_namelen: u32,
  f_frsize: u32,
  f_flags: u32,
  _spare: pad(16),
});

/** struct statfs64 of i386 (packed to 4 bytes). */
export const statfs64I386 = struct("statfs64", 84, {
  f_type: u32,
  f_bsize: u32,
  f_blocks: u64,
  f_bfree: u64,
  f_bavail: u64,
  f_files: u64,
  f_ffree: u64,
  f_fsid: array(u32, 2),
  f_namelen: u32,
  f_frsize: u32,
  f_flags: u32,
  _spare: pad(16),
});

export const V9FS_MAGIC = 0x01021997;
export const TMPFS_MAGIC = 0x01021994;
export const PROC_SUPER_MAGIC = 0x9fa0;
export const PIPEFS_MAGIC = 0x50495045;
export const ANON_INODE_FS_MAGIC = 0x09041934;
export const SYSFS_MAGIC = 0x62656572;
