/**
 * Path resolution (path_resolution(7)). Names are strings decoded by names.ts. Linux: fs/namei.c.
 * A file system on the host is asked for the whole rest of a path at once; only when that fails in a way that a
 * symbolic link could explain is the path walked name by name, up to the link.
 */
import { ELOOP, ENAMETOOLONG, ENOENT, ENOTDIR, Errno, EXDEV } from "../abi/errno.ts";
import { NAME_MAX } from "../abi/fcntl.ts";
import {
  RESOLVE_BENEATH,
  RESOLVE_NO_MAGICLINKS,
  RESOLVE_NO_SYMLINKS,
  RESOLVE_NO_XDEV,
} from "../abi/openat2.ts";
import type { FsContext } from "./fs_context.ts";
import { crossMounts, type Location, parentOf, sameLocation } from "./mount.ts";
import type { Inode } from "./inode.ts";
import { nameTooLong } from "../abi/names.ts";
import { joinPath } from "./synthetic.ts";

/** Most symbolic links one resolution follows (MAXSYMLINKS). */
const MAX_SYMLINKS = 40;

/** A path but for its last name. */
export interface LastName {
  readonly parent: Location;
  /** Never empty; may be ".", ".." or, for the root itself, "/". */
  readonly name: string;
  readonly trailingSlash: boolean;
}

interface WalkState {
  readonly context: FsContext;
  links: number;
}

/**
 * Resolves `path` from `start` (absolute paths from the task's root). `follow` says whether a symbolic link as last
 * name is followed. Errors: ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG, and those of the file system.
 */
export function walk(context: FsContext, start: Location, path: string, follow: boolean): Location | Errno {
  return resolve({ context, links: 0 }, start, path, follow);
}

/** Resolves all but the last name, for calls that make or remove it. ENOENT for an empty path. */
export function walkParent(context: FsContext, start: Location, path: string): LastName | Errno {
  let end = path.length;
  while (end > 1 && path.charCodeAt(end - 1) === SLASH) end--;
  const trailingSlash = end < path.length;
  const cut = path.lastIndexOf("/", end - 1);
  const name = path.slice(cut + 1, end);
  if (path === "") return ENOENT;
  if (name === "") return { parent: context.root, name: "/", trailingSlash };
  if (nameTooLong(name, NAME_MAX)) return ENAMETOOLONG;
  const head = path.slice(0, cut + 1);
  const parent = head === "" ? start : walk(context, start, head, true);
  if (parent instanceof Errno) return parent;
  return parent.inode.isDirectory ? { parent, name, trailingSlash } : ENOTDIR;
}

/** Looks the last name up in its directory, mounts taken into account. Symbolic links are not followed. */
export function lookupLast(context: FsContext, last: LastName): Location | Errno {
  const { parent, name } = last;
  if (name === "/") return context.root;
  if (name === ".") return parent;
  if (name === "..") return up(context, parent);
  const mounted = mountAt(parent, name);
  if (mounted) return mounted;
  const child = parent.inode.lookup(name);
  return child instanceof Errno ? child : { mount: parent.mount, inode: child };
}

/** The location a symbolic link leads to. */
export function followLink(
  context: FsContext,
  directory: Location,
  link: Inode,
  links = 0,
): Location | Errno {
  return follow({ context, links }, directory, link);
}

const SLASH = 47;
const DOT = 46;

function resolve(state: WalkState, start: Location, path: string, followLast: boolean): Location | Errno {
  if (path === "") return ENOENT;
  let at = 0;
  let here = start;
  if (path.charCodeAt(0) === SLASH) {
    if ((state.context.resolve & RESOLVE_BENEATH) !== 0) return EXDEV;
    here = state.context.root;
    while (path.charCodeAt(at) === SLASH) at++;
  }
  let asksAtOnce = true;
  while (at < path.length) {
    if (!here.inode.isDirectory) return ENOTDIR;
    const whole = asksAtOnce ? atOnce(here, path, at) : undefined;
    if (whole && !(whole instanceof Errno && whole !== ENOENT)) {
      if (whole instanceof Errno) return whole;
      if (!whole.isSymlink) return { mount: here.mount, inode: whole };
    }
    let end = path.indexOf("/", at);
    if (end < 0) end = path.length;
    const name = path.slice(at, end);
    at = end;
    while (path.charCodeAt(at) === SLASH) at++;
    const last = at >= path.length;
    const next = step(state, here, name, !last || followLast || end < path.length);
    if (next instanceof Errno) return next;
    if (end < path.length && !next.inode.isDirectory) return ENOTDIR;
    asksAtOnce = !isPlainChild(here, name, next);
    here = next;
  }
  return here;
}

/** Whether the step led through no link and over no border. */
function isPlainChild(from: Location, name: string, to: Location): boolean {
  return from.mount === to.mount && to.inode.path === joinPath(from.inode.path, name);
}

/** Asks the file system for the whole rest; undefined when the rest is not plain or the file system cannot. */
function atOnce(here: Location, path: string, from: number): Inode | Errno | undefined {
  if (!isPlain(path, from)) return undefined;
  const rest = from === 0 ? path : path.slice(from);
  if (here.mount.hasChildren && here.mount.leaves(joinPath(here.inode.path, rest))) return undefined;
  return here.inode.lookupPath(rest);
}

/** Whether there are no empty, ".", ".." or overlong names and no slash at the end. */
function isPlain(path: string, from: number): boolean {
  let nameStart = from;
  for (let i = from; i <= path.length; i++) {
    if (i < path.length && path.charCodeAt(i) !== SLASH) continue;
    const length = i - nameStart;
    if (length === 0 || length * 3 > NAME_MAX) return false;
    if (path.charCodeAt(nameStart) === DOT) {
      if (length === 1 || (length === 2 && path.charCodeAt(nameStart + 1) === DOT)) return false;
    }
    nameStart = i + 1;
  }
  return true;
}

function step(state: WalkState, here: Location, name: string, followLink: boolean): Location | Errno {
  if (name === ".") return here;
  if (name === "..") return up(state.context, here);
  if (nameTooLong(name, NAME_MAX)) return ENAMETOOLONG;
  const mounted = mountAt(here, name);
  if (mounted) return (state.context.resolve & RESOLVE_NO_XDEV) !== 0 ? EXDEV : mounted;
  const child = here.inode.lookup(name);
  if (child instanceof Errno) return child;
  if (child.isSymlink && followLink) return follow(state, here, child);
  return { mount: here.mount, inode: child };
}

/** What is mounted on a name, whether or not the directory below has it. */
function mountAt(directory: Location, name: string): Location | undefined {
  if (!directory.mount.hasChildren) return undefined;
  const child = directory.mount.childAt(joinPath(directory.inode.path, name));
  return child && crossMounts(child, child.fs.root);
}

function follow(state: WalkState, directory: Location, link: Inode): Location | Errno {
  const { resolve: limits } = state.context;
  if (++state.links > MAX_SYMLINKS || (limits & RESOLVE_NO_SYMLINKS) !== 0) return ELOOP;
  const magic = link.followMagic();
  if (magic && (limits & RESOLVE_NO_MAGICLINKS) !== 0) return ELOOP;
  if (magic && limits !== 0) return EXDEV;
  if (magic) return magic;
  const target = link.readlink(state.context.viewer);
  if (target instanceof Errno) return target;
  return resolve(state, directory, target, true);
}

function up(context: FsContext, here: Location): Location | Errno {
  const { resolve, root } = context;
  if (sameLocation(here, root)) return (resolve & RESOLVE_BENEATH) !== 0 ? EXDEV : here;
  const above = parentOf(here);
  return (resolve & RESOLVE_NO_XDEV) !== 0 && above.mount !== here.mount ? EXDEV : above;
}
