/** What stat(2) tells of a file, before an ABI gives it its layout. */
export class Stat {
  dev = 0;
  ino = 0;
  mode = 0;
  nlink = 1;
  uid = 0;
  gid = 0;
  rdev = 0;
  /** Bytes. */
  size = 0;
  blksize = 4096;
  /** Units of 512 bytes. */
  blocks = 0;
  /** Times: seconds since 1970, rounded down, and nanoseconds. */
  atime = 0;
  atimeNsec = 0;
  mtime = 0;
  mtimeNsec = 0;
  ctime = 0;
  ctimeNsec = 0;
  btime = 0;
  btimeNsec = 0;
}

/** Fills in a file that the kernel makes up: no size, all times `seconds`. */
export function syntheticStat(into: Stat, dev: number, ino: number, mode: number, seconds: number): void {
  into.dev = dev;
  into.ino = ino;
  into.mode = mode;
  into.nlink = 1;
  into.uid =
    into.gid =
    into.rdev =
    into.size =
    into.blocks =
      0;
  into.blksize = 4096;
  into.atime =
    into.mtime =
    into.ctime =
    into.btime =
      seconds;
  into.atimeNsec =
    into.mtimeNsec =
    into.ctimeNsec =
    into.btimeNsec =
      0;
}
