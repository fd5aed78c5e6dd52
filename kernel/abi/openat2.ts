/** openat2(2) (uapi/linux/openat2.h). */
import { struct, u64 } from "./layout.ts";

export const RESOLVE_NO_XDEV = 1;
export const RESOLVE_NO_MAGICLINKS = 2;
export const RESOLVE_NO_SYMLINKS = 4;
export const RESOLVE_BENEATH = 8;
export const RESOLVE_IN_ROOT = 16;
export const RESOLVE_CACHED = 32;

export const openHow = struct("open_how", 24, { flags: u64, mode: u64, resolve: u64 });
