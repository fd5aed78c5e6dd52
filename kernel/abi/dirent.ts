/** Directory records (linux/dirent.h, fs/readdir.c). The name follows the fixed part; records are word-aligned. */
import { i64, struct, u16, u32, u64, u8 } from "./layout.ts";

/** struct linux_dirent64 before d_name; both ABIs. */
export const dirent64 = struct("linux_dirent64", 19, { d_ino: u64, d_off: i64, d_reclen: u16, d_type: u8 });
/** struct linux_dirent before d_name; d_type is the record's last byte. */
export const direntX64 = struct("linux_dirent", 18, { d_ino: u64, d_off: u64, d_reclen: u16 });
export const direntI386 = struct("linux_dirent", 10, { d_ino: u32, d_off: u32, d_reclen: u16 });

export const DT_UNKNOWN = 0;
export const DT_FIFO = 1;
export const DT_CHR = 2;
export const DT_DIR = 4;
export const DT_BLK = 6;
export const DT_REG = 8;
export const DT_LNK = 10;
export const DT_SOCK = 12;
