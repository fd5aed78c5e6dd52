/** What a path query tells, and what it does not: inode number, links, mode, owner, link target. */
import { ENOENT, ENOTDIR, Errno } from "../../kernel/abi/errno.ts";
import {
  S_IFBLK,
  S_IFCHR,
  S_IFDIR,
  S_IFIFO,
  S_IFLNK,
  S_IFMT,
  S_IFREG,
  S_IFSOCK,
} from "../../kernel/abi/stat.ts";
import { encodeName } from "../../kernel/abi/names.ts";
import { HostStat } from "../../kernel/host_files.ts";
import { type FileHandle, type NtCalls, zeroOrErrno } from "./nt_calls.ts";
import {
  FILE_ATTRIBUTE_DIRECTORY,
  FILE_ATTRIBUTE_READONLY,
  FILE_ATTRIBUTE_REPARSE_POINT,
  FILE_ATTRIBUTE_SYSTEM,
  FILE_OPEN_FOR_BACKUP_INTENT,
  FILE_OPEN_REPARSE_POINT,
  FILE_READ_ATTRIBUTES,
  FILE_READ_DATA,
  FILE_READ_EA,
  FileAllInformation,
  FileEaInformation,
  FileStatInformation,
  FSCTL_GET_REPARSE_POINT,
  IO_REPARSE_TAG_AF_UNIX,
  IO_REPARSE_TAG_LX_BLK,
  IO_REPARSE_TAG_LX_CHR,
  IO_REPARSE_TAG_LX_FIFO,
  MAXIMUM_REPARSE_DATA_BUFFER_SIZE,
} from "./constants.ts";
import { nanosecondsOf, secondsOf } from "./filetime.ts";
import type { HandleCache } from "./handle_cache.ts";
import { type Details, KnownFiles, sameBirth } from "./known_files.ts";
import { FILE_ALL_INFORMATION, FILE_NETWORK_OPEN_INFORMATION, FILE_STAT_INFORMATION } from "./layouts.ts";
import { CYGWIN_LINK_LIMIT, decodeCygwinLink, decodeReparseLink, isSystemFifo } from "./link_formats.ts";
import { decodeLxAttributes, type LxAttributes } from "./lx_attributes.ts";
import type { Prefix } from "./native_path.ts";
import {
  STATUS_INVALID_INFO_CLASS,
  STATUS_OBJECT_NAME_NOT_FOUND,
  STATUS_OBJECT_PATH_NOT_FOUND,
  STATUS_SUCCESS,
} from "../ntstatus.ts";

/** Permissions of files without stored ones. */
const DEFAULT_PERMISSIONS = 0o755;
/** How many of the names above a missing one are asked for. */
const LOOKS_ABOVE = 2;

const net = FILE_NETWORK_OPEN_INFORMATION.offset;
const all = FILE_ALL_INFORMATION.offset;
const stat = FILE_STAT_INFORMATION.offset;

/** What an open file says besides times and sizes. */
interface Queried {
  readonly id: bigint;
  readonly attributes: number;
  readonly links: number;
  /** Bytes of extended attributes. */
  readonly eaSize: number;
}

export class Metadata {
  readonly #calls: NtCalls;
  readonly #prefix: Prefix;
  readonly #directories: HandleCache | undefined;
  readonly known = new KnownFiles();
  /** FileAttributes of the last look-up that found something. */
  #attributes = 0;
  /** Modes and owners for volumes that take no extended attributes, by inode number, for this session. */
  readonly overlay = new Map<number, LxAttributes>();

  /** `directories`: gets those that have been opened, as whoever asks about one is likely to list it next. */
  constructor(calls: NtCalls, prefix: Prefix, directories?: HandleCache) {
    this.#calls = calls;
    this.#prefix = prefix;
    this.#directories = directories;
  }

  /** Type, size and times by path; the NTSTATUS. */
  lookup(path: string, into: HostStat): 0 | Errno {
    const status = this.#calls.queryPath(this.#prefix, path);
    if (status !== STATUS_SUCCESS) return this.#missing(status, path, into);
    this.#fillFromQuery(into);
    return isSpecial(this.#attributes) ? this.#complete(path, into, this.#attributes) : 0;
  }

  /** The last look-up found a link of some kind, or what some driver makes a file of: its times are its own only. */
  get foundReparsePoint(): boolean {
    return (this.#attributes & FILE_ATTRIBUTE_REPARSE_POINT) !== 0;
  }

  /** The rest of what `lookup` filled in. */
  complete(path: string, into: HostStat): 0 | Errno {
    return this.#complete(path, into, (into.mode & S_IFMT) === S_IFDIR ? FILE_ATTRIBUTE_DIRECTORY : 0);
  }

  #complete(path: string, into: HostStat, attributes: number): 0 | Errno {
    const details = this.known.find(path, into) ?? this.#learnByPath(path, attributes);
    if (details instanceof Errno) return details;
    apply(details, into, this.overlay);
    return 0;
  }

  statHandle(handle: FileHandle, into: HostStat): 0 | Errno {
    const details = this.#learn(handle, into);
    if (details instanceof Errno) return details;
    apply(details, into, this.overlay);
    return 0;
  }

  /** The target of a symbolic link; undefined when it is none. */
  readlink(path: string): string | undefined | Errno {
    const seen = new HostStat();
    const error = this.lookup(path, seen);
    if (error !== 0) return error;
    return (seen.mode & S_IFMT) === S_IFLNK ? this.known.find(path, seen)?.target : undefined;
  }

  /**
   * The file at `path` has changed, and is still open: what there is to know about it is remembered, as to open it for
   * that again costs more.
   */
  note(path: string, handle: FileHandle): void {
    const stamp = new HostStat(), info = this.#query(handle, stamp);
    const isKnown = !(info instanceof Errno) && !isSpecial(info.attributes);
    const lx = isKnown ? this.#storedAttributes(handle, info) : undefined;
    if (isKnown && lx !== undefined) this.known.remember(path, this.#detailsOf(handle, stamp, info, lx));
    else this.known.forget(path);
  }

  /** What is known of a file goes with it. `before`: what was at `from` just before it was renamed. */
  moved(from: string, to: string, before: HostStat): void {
    const known = this.known.find(from, before);
    for (const path of [from, to]) this.known.forget(path);
    if (known === undefined) return;
    if (this.#calls.queryPath(this.#prefix, to) !== STATUS_SUCCESS) return;
    const stamp = new HostStat();
    this.#fillFromQuery(stamp); // a rename changes one of its times
    if (sameBirth(stamp, before)) this.known.remember(to, { ...known, stamp });
  }

  /** `attributes`: FileAttributes, as far as they are special or tell a directory. */
  #learnByPath(path: string, attributes: number): Details | Errno {
    const isDirectory = (attributes & FILE_ATTRIBUTE_DIRECTORY) !== 0;
    const system = (attributes & FILE_ATTRIBUTE_SYSTEM) !== 0 && !isDirectory;
    const isPlain = isDirectory && (attributes & FILE_ATTRIBUTE_REPARSE_POINT) === 0;
    let directories = isPlain ? this.#directories : undefined;
    let handle = this.#openToLearn(path, system || directories !== undefined ? FILE_READ_DATA : 0);
    if (handle instanceof Errno && directories !== undefined) {
      directories = undefined;
      handle = this.#openToLearn(path, 0);
    }
    if (handle instanceof Errno) return handle;
    const details = this.#learn(handle, new HostStat());
    if (directories !== undefined && !(details instanceof Errno)) {
      directories.keep(path, handle, details.stamp);
    } else this.#calls.close(handle);
    if (!(details instanceof Errno)) this.known.remember(path, details);
    return details;
  }

  #openToLearn(path: string, more: number): FileHandle | Errno {
    const access = FILE_READ_ATTRIBUTES | FILE_READ_EA | more;
    const options = FILE_OPEN_REPARSE_POINT | FILE_OPEN_FOR_BACKUP_INTENT;
    return this.#calls.open(this.#prefix, path, access, options);
  }

  /** Fills `stamp` with times, sizes and default mode. */
  #learn(handle: FileHandle, stamp: HostStat): Details | Errno {
    const info = this.#query(handle, stamp);
    if (info instanceof Errno) return info;
    return this.#detailsOf(handle, stamp, info, this.#storedAttributes(handle, info) ?? {});
  }

  #detailsOf(handle: FileHandle, stamp: HostStat, info: Queried, lx: LxAttributes): Details {
    let type = typeAndDefault(info.attributes) & S_IFMT;
    let target: string | undefined;
    if ((info.attributes & FILE_ATTRIBUTE_REPARSE_POINT) !== 0) {
      const data = this.#reparseData(handle);
      target = data && decodeReparseLink(data);
      type = target !== undefined ? S_IFLNK : data ? specialType(data) ?? type : type;
    } else if ((info.attributes & FILE_ATTRIBUTE_SYSTEM) !== 0 && type === S_IFREG) {
      const content = stamp.size <= CYGWIN_LINK_LIMIT ? this.#content(handle) : undefined;
      target = content && decodeCygwinLink(content);
      if (target !== undefined) type = S_IFLNK;
      else if (content && isSystemFifo(content)) type = S_IFIFO;
    }
    return { stamp, type, ino: foldFileId(info.id), nlink: info.links, lx, target };
  }

  /** Asks for what every file has. A file system that does not know FileStatInformation knows the slower one. */
  #query(handle: FileHandle, stamp: HostStat): Queried | Errno {
    const calls = this.#calls;
    const eaSize = calls.query(handle, FileEaInformation) === STATUS_SUCCESS ? calls.scratchWords[0]! : 0;
    if (calls.query(handle, FileStatInformation) === STATUS_SUCCESS) {
      fillBasics(stamp, calls.scratchWords, stat);
      const { FileId, FileAttributes, NumberOfLinks } = FILE_STAT_INFORMATION.read(calls.scratchView, 0);
      return { id: FileId, attributes: FileAttributes, links: NumberOfLinks, eaSize };
    }
    const status = calls.query(handle, FileAllInformation);
    if (status >= 0xc0000000) return zeroOrErrno(status) as Errno;
    fillBasics(stamp, calls.scratchWords, all);
    const info = FILE_ALL_INFORMATION.read(calls.scratchView, 0);
    return {
      id: info.IndexNumber,
      attributes: info.FileAttributes,
      links: info.NumberOfLinks,
      eaSize: info.EaSize,
    };
  }

  #reparseData(handle: FileHandle): Uint8Array<ArrayBuffer> | undefined {
    const data = new Uint8Array(MAXIMUM_REPARSE_DATA_BUFFER_SIZE);
    const status = this.#calls.control(handle, FSCTL_GET_REPARSE_POINT, null, data);
    return status === STATUS_SUCCESS ? data : undefined;
  }

  #content(handle: FileHandle): Uint8Array<ArrayBuffer> | undefined {
    const data = new Uint8Array(CYGWIN_LINK_LIMIT);
    const count = this.#calls.read(handle, data, 0);
    return typeof count === "number" ? data.subarray(0, count) : undefined;
  }

  /** undefined: the handle is not good for that. */
  #storedAttributes(handle: FileHandle, { eaSize }: Queried): LxAttributes | undefined {
    if (eaSize === 0) return {};
    const data = new Uint8Array(65536);
    const calls = this.#calls;
    const status = calls.nt.NtQueryEaFile(handle, calls.status, data, data.length, 0, null, 0, null, 1);
    if (status !== STATUS_SUCCESS) return undefined;
    return decodeLxAttributes(new DataView(data.buffer), calls.status[2]!);
  }

  #fillFromQuery(into: HostStat): void {
    fillBasics(into, this.#calls.attributeWords, net);
    this.#attributes = this.#calls.attributeWords[net.FileAttributes >> 2]!;
    into.complete = false;
  }

  /** What a failed query means. */
  #missing(status: number, path: string, into: HostStat): 0 | Errno {
    if (status === STATUS_INVALID_INFO_CLASS) { // Wine: something of its host that is neither file nor directory
      into.mode = S_IFSOCK | DEFAULT_PERMISSIONS;
      into.complete = true;
      return 0;
    }
    if (!isMissing(status)) return zeroOrErrno(status);
    const isNameless = status === STATUS_OBJECT_NAME_NOT_FOUND;
    if (isNameless && this.#prefix.escaping === "windows") return ENOENT;
    // Windows tells that it is not the last name that is missing, Wine's view of its host not even that.
    return this.#lookAbove(path, isNameless);
  }

  /**
   * ENOENT when the names up to the missing one lead through directories. ENOTDIR when one may be a link, or when
   * whoever asks finds out sooner by walking there. `follows`: links to directories had been followed.
   */
  #lookAbove(path: string, follows: boolean): Errno {
    let above = path;
    for (let looks = 1; looks <= LOOKS_ABOVE; looks++) {
      const cut = above.lastIndexOf("/");
      if (cut < 0) return ENOENT;
      above = above.slice(0, cut);
      const status = this.#calls.queryPath(this.#prefix, above);
      if (isMissing(status)) continue;
      if (status !== STATUS_SUCCESS) return ENOTDIR;
      const attributes = this.#calls.attributeWords[net.FileAttributes >> 2]!;
      const mayLead = (attributes & FILE_ATTRIBUTE_REPARSE_POINT) !== 0 && !(follows && looks === 1);
      return (attributes & FILE_ATTRIBUTE_DIRECTORY) !== 0 && !mayLead ? ENOENT : ENOTDIR;
    }
    return ENOTDIR;
  }
}

function isMissing(status: number): boolean {
  return status === STATUS_OBJECT_NAME_NOT_FOUND || status === STATUS_OBJECT_PATH_NOT_FOUND;
}

function typeAndDefault(attributes: number): number {
  if ((attributes & FILE_ATTRIBUTE_DIRECTORY) !== 0) return S_IFDIR | DEFAULT_PERMISSIONS;
  const readOnly = (attributes & FILE_ATTRIBUTE_READONLY) !== 0;
  return S_IFREG | (readOnly ? DEFAULT_PERMISSIONS & ~0o222 : DEFAULT_PERMISSIONS);
}

function apply(details: Details, into: HostStat, overlay: ReadonlyMap<number, LxAttributes>): void {
  const lx = overlay.get(details.ino) ?? details.lx;
  const permissions = details.type === S_IFLNK ? 0o777 : (lx.mode ?? into.mode) & 0o7777;
  into.mode = details.type | permissions;
  into.ino = details.ino;
  into.nlink = details.nlink;
  into.uid = lx.uid ?? -1;
  into.gid = lx.gid ?? -1;
  into.rdev = 0;
  if (details.target !== undefined) into.size = encodeName(details.target).length;
  else if (details.type === S_IFIFO) into.size = into.allocated = 0;
  into.complete = true;
}

/** Times, sizes and default mode from FILE_NETWORK_OPEN_INFORMATION or FILE_ALL_INFORMATION, by word. */
function fillBasics(into: HostStat, words: Uint32Array, offset: BasicOffsets): void {
  const access = offset.LastAccessTime >> 2;
  const write = offset.LastWriteTime >> 2;
  const change = offset.ChangeTime >> 2;
  const creation = offset.CreationTime >> 2;
  const allocation = offset.AllocationSize >> 2;
  const end = offset.EndOfFile >> 2;
  into.atime = secondsOf(words[access]!, words[access + 1]!);
  into.atimeNsec = nanosecondsOf(words[access]!, words[access + 1]!);
  into.mtime = secondsOf(words[write]!, words[write + 1]!);
  into.mtimeNsec = nanosecondsOf(words[write]!, words[write + 1]!);
  into.ctime = secondsOf(words[change]!, words[change + 1]!);
  into.ctimeNsec = nanosecondsOf(words[change]!, words[change + 1]!);
  into.btime = secondsOf(words[creation]!, words[creation + 1]!);
  into.btimeNsec = nanosecondsOf(words[creation]!, words[creation + 1]!);
  into.allocated = words[allocation]! + words[allocation + 1]! * 2 ** 32;
  into.size = words[end]! + words[end + 1]! * 2 ** 32;
  into.mode = typeAndDefault(words[offset.FileAttributes >> 2]!);
}

type BasicOffsets = Pick<
  typeof net,
  | "CreationTime"
  | "LastAccessTime"
  | "LastWriteTime"
  | "ChangeTime"
  | "AllocationSize"
  | "EndOfFile"
  | "FileAttributes"
>;

/** What may be another kind of file than it looks like. */
function isSpecial(attributes: number): boolean {
  return (attributes & (FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_SYSTEM)) !== 0;
}

/** WSL's special files. */
function specialType(data: Uint8Array<ArrayBuffer>): number | undefined {
  const tag = new DataView(data.buffer, data.byteOffset).getUint32(0, true);
  if (tag === IO_REPARSE_TAG_AF_UNIX) return S_IFSOCK;
  if (tag === IO_REPARSE_TAG_LX_FIFO) return S_IFIFO;
  if (tag === IO_REPARSE_TAG_LX_CHR) return S_IFCHR;
  if (tag === IO_REPARSE_TAG_LX_BLK) return S_IFBLK;
  return undefined;
}

/**
 * An inode number below 2^53 for a 64-bit file id. NTFS ids are a 48-bit record number under a 16-bit sequence
 * number; records stay below 2^37, so moving the sequence number down keeps every id different.
 */
export function foldFileId(id: bigint): number {
  if (id < 1n << 53n) return Number(id);
  const record = id & (1n << 48n) - 1n;
  return Number(((id >> 48n) << 37n ^ record) & (1n << 53n) - 1n);
}
