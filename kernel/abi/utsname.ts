/** Names of the system (uapi/linux/utsname.h); the same on both ABIs. */
import { cstring, struct } from "./layout.ts";

/** Bytes of a field, NUL included (__NEW_UTS_LEN + 1). */
const FIELD = 65;
/** The same for the first Linux (__OLD_UTS_LEN + 1). */
const OLDEST_FIELD = 9;

/** struct new_utsname, 390 bytes. */
export const newUtsname = struct("new_utsname", 390, {
  sysname: cstring(FIELD),
  nodename: cstring(FIELD),
  release: cstring(FIELD),
  version: cstring(FIELD),
  machine: cstring(FIELD),
  domainname: cstring(FIELD),
});

/** struct old_utsname, 325 bytes: uname(2) of i386. */
export const oldUtsname = struct("old_utsname", 325, {
  sysname: cstring(FIELD),
  nodename: cstring(FIELD),
  release: cstring(FIELD),
  version: cstring(FIELD),
  machine: cstring(FIELD),
});

/** struct oldold_utsname, 45 bytes: olduname(2) of i386. */
export const oldoldUtsname = struct("oldold_utsname", 45, {
  sysname: cstring(OLDEST_FIELD),
  nodename: cstring(OLDEST_FIELD),
  release: cstring(OLDEST_FIELD),
  version: cstring(OLDEST_FIELD),
  machine: cstring(OLDEST_FIELD),
});
