/** Argument types of stat(2), statx(2), statfs(2) and mknod(2). */
import * as stat from "../abi/stat.ts";
import * as statfs from "../abi/statfs.ts";
import type { TypeOf } from "../abi/layout.ts";
import { argument, octal, valueAt } from "./args.ts";
import { atBits } from "./args_files.ts";
import { flagsOf, namesWith } from "./args_flags.ts";
import { enumText, flagsText, hex, namesOf } from "./format.ts";
import { fixed, outStruct, structText } from "./format_struct.ts";

/** File type and mode of mknod(2). */
export const fileMode = argument("umode_t", "uint16", (call, i) => fileModeText(valueAt(call, i)));
/** Device number of mknod(2), after the mode; only devices have one. */
export const device = argument("dev_t", "uint", (call, i) => {
  const type = valueAt(call, i - 1) & stat.S_IFMT;
  return type === stat.S_IFCHR || type === stat.S_IFBLK ? deviceText(valueAt(call, i)) : "";
});
const statxSync = namesOf({
  AT_STATX_SYNC_AS_STAT: 0,
  AT_STATX_FORCE_SYNC: 0x2000,
  AT_STATX_DONT_SYNC: 0x4000,
});
export const statxFlags = argument("int", "uint", (call, i) => {
  const value = valueAt(call, i);
  const sync = enumText(statxSync, value & 0x6000, "AT");
  const rest = value & ~0x6000;
  return rest === 0 ? sync : `${sync}|${flagsText(atBits({}), rest, "AT")}`;
});
const statxNames = namesOf({
  STATX_ALL: 0xfff,
  STATX_BASIC_STATS: stat.STATX_BASIC_STATS,
  STATX_TYPE: 1,
  STATX_MODE: 2,
  STATX_NLINK: 4,
  STATX_UID: 8,
  STATX_GID: 0x10,
  STATX_ATIME: 0x20,
  STATX_MTIME: 0x40,
  STATX_CTIME: 0x80,
  STATX_INO: 0x100,
  STATX_SIZE: 0x200,
  STATX_BLOCKS: 0x400,
  STATX_BTIME: stat.STATX_BTIME,
  STATX_MNT_ID: stat.STATX_MNT_ID,
});
/** STATX_ALL and STATX_BASIC_STATS stand for their parts. */
export const statxMask = flagsOf(statxNames, "STATX");
const fileTypes = namesWith(stat, "S_IF");
function fileModeText(value: number): string {
  const type = fileTypes.get(value & stat.S_IFMT);
  const special = namesOf({ S_ISUID: stat.S_ISUID, S_ISGID: stat.S_ISGID, S_ISVTX: stat.S_ISVTX });
  const parts = [...special].filter(([bit]) => value & bit).map(([, name]) => name);
  const text = [...parts, octal(value & 0o777)].join("|");
  return type === undefined ? octal(value) : `${type}|${text}`;
}

function deviceText(value: number): string {
  return `makedev(${hex(stat.major(value))}, ${hex(stat.minor(value))})`;
}

interface StatFields {
  readonly st_mode: number;
  readonly st_rdev: number;
  readonly st_size: number;
}
function statText({ st_mode, st_rdev, st_size }: StatFields): string {
  const type = st_mode & stat.S_IFMT;
  const isDevice = type === stat.S_IFCHR || type === stat.S_IFBLK;
  const last = isDevice ? `st_rdev=${deviceText(st_rdev)}` : `st_size=${st_size}`;
  return `{st_mode=${fileModeText(st_mode)}, ${last}, ...}`;
}
export const outStat = outStruct(
  "struct stat",
  (task) => task.abi.bits === 64 ? stat.statX64 : stat.statI386,
  (value: StatFields) => statText(value),
);
export const outStat64 = outStruct("struct stat64", fixed(stat.stat64I386), statText);
export const outOldStat = outStruct("struct __old_kernel_stat", fixed(stat.oldStatI386), statText);
export const outStatx = outStruct("struct statx", fixed(stat.statx), (value) => {
  const { stx_attributes, stx_mode, stx_size } = value;
  const mask = flagsText(statxNames, value.stx_mask, "STATX");
  return `{stx_mask=${mask}, stx_attributes=${hex(stx_attributes)}, stx_mode=${
    fileModeText(stx_mode)
  }, stx_size=${stx_size}, ...}`;
});

const magics = namesOf({
  V9FS_MAGIC: statfs.V9FS_MAGIC,
  TMPFS_MAGIC: statfs.TMPFS_MAGIC,
  PROC_SUPER_MAGIC: statfs.PROC_SUPER_MAGIC,
  PIPEFS_MAGIC: statfs.PIPEFS_MAGIC,
  ANON_INODE_FS_MAGIC: statfs.ANON_INODE_FS_MAGIC,
});
const mountFlags = namesOf({
  ST_VALID: 0x20,
  ST_RDONLY: 1,
  ST_NOSUID: 2,
  ST_NODEV: 4,
  ST_NOEXEC: 8,
  ST_NOATIME: 0x400,
  ST_RELATIME: 0x1000,
});
const statfsText = ({ f_fsid, ...value }: TypeOf<typeof statfs.statfsX64>) =>
  structText(
    {
      f_type: value.f_type,
      f_bsize: value.f_bsize,
      f_blocks: value.f_blocks,
      f_bfree: value.f_bfree,
      f_bavail: value.f_bavail,
      f_files: value.f_files,
      f_ffree: value.f_ffree,
      f_fsid: { val: f_fsid.map(hex) },
      f_namelen: value.f_namelen,
      f_frsize: value.f_frsize,
      f_flags: value.f_flags,
    },
    {
      f_type: (value) => enumText(magics, value, "?_MAGIC"),
      f_flags: (value) => flagsText(mountFlags, value, "ST"),
    },
  );
export const outStatfs = outStruct(
  "struct statfs",
  (task) => task.abi.bits === 64 ? statfs.statfsX64 : statfs.statfsI386,
  statfsText,
);
export const outStatfs64 = outStruct("struct statfs64", fixed(statfs.statfs64I386), statfsText);
