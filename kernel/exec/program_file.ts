/** Finding the program that execve(2) names: path, kind of file, `#!` lines, ELF headers. */
import { BINPRM_BUF_SIZE, type ElfImage, LoadError, parseShebang, readElf } from "../../loader/elf/mod.ts";
import { EACCES, EISDIR, ELIBBAD, ELOOP, ENOENT, ENOTDIR, Errno } from "../abi/errno.ts";
import { O_RDONLY } from "../abi/fcntl.ts";
import type { FdTable } from "../fs/fd_table.ts";
import type { FsContext } from "../fs/fs_context.ts";
import { absolutePath, type Location } from "../fs/mount.ts";
import { decodeName, encodeName } from "../abi/names.ts";
import type { OpenFile } from "../fs/open_file.ts";
import { walk } from "../fs/path_walk.ts";
import { Stat } from "../fs/stat.ts";
import type { Credentials } from "../task/credentials.ts";
import type { Host } from "../host.ts";
import { fileSource, identityOf, type ModuleCache, type ModuleFile } from "./module_cache.ts";

/** Who asks: what of a task the search needs. */
export interface ExecContext {
  readonly kernel: { readonly modules: Pick<ModuleCache, "imageOf">; readonly host: Pick<Host, "runs"> };
  readonly fs: FsContext;
  readonly files: FdTable;
  readonly credentials: Credentials;
}

/** An ELF file to be loaded. */
export interface ImageFile extends ModuleFile {
  readonly file: OpenFile;
  readonly image: ElfImage;
  /** Guest path of the image, for /proc/self/exe. */
  readonly path: string;
}

/** A program that was found fit to run. The caller releases it. */
export interface ProgramFile extends ImageFile {
  /** PT_INTERP: the dynamic linker, which is loaded besides. */
  readonly interpreter: ImageFile | undefined;
  /** argv, with a script's interpreter put before it. */
  readonly argv: readonly Uint8Array[];
}

export function releaseProgram({ file, interpreter }: ProgramFile): void {
  file.release();
  interpreter?.file.release();
}

/** Interpreters of interpreters (fs/exec.c: exec_binprm allows five rewrites). */
const MAX_INTERPRETERS = 5;

/** Searches for `path` from `start`; a value says why it cannot be run. */
export function findProgram(
  context: ExecContext,
  start: Location,
  path: string,
  argv: readonly Uint8Array[],
  depth = 0,
): ProgramFile | LoadError {
  const opened = openProgram(context, start, path);
  if (opened instanceof LoadError) return opened;
  const source = fileSource(opened.file, opened.size);
  const known = knownImage(context, opened.identity);
  const shebang = known === undefined ? parseShebang(source.read(0, BINPRM_BUF_SIZE)) : undefined;
  if (shebang instanceof LoadError || shebang === undefined) {
    const image = shebang ?? known ?? runnable(context, readElf(source));
    const interpreter = image instanceof LoadError ? image : findInterpreter(context, image);
    if (image instanceof LoadError || interpreter instanceof LoadError) {
      opened.file.release();
      return image instanceof LoadError ? image : interpreter as LoadError;
    }
    const { file, path: found, identity } = opened;
    return { file, source, image, path: found, identity, interpreter, argv };
  }
  opened.file.release();
  if (depth === MAX_INTERPRETERS) {
    return new LoadError("is a script whose interpreter is a script, and so on", ELOOP);
  }
  const { interpreter, argument } = shebang;
  const words = [interpreter, ...(argument ? [argument] : []), encodeName(path), ...argv.slice(1)];
  const found = findProgram(context, context.fs.cwd, decodeName(interpreter), words, depth + 1);
  if (!(found instanceof LoadError)) return found;
  const name = new TextDecoder().decode(interpreter);
  return new LoadError(`is a script for ${name}, which ${found.reason}`, found.errno);
}

function runnable({ kernel: { host } }: ExecContext, image: ElfImage | LoadError): ElfImage | LoadError {
  if (image instanceof LoadError || host.runs(image.bits)) return image;
  return new LoadError(
    `is a ${image.bits}-bit program, and this machine runs none (atratus doctor tells more)`,
  );
}

/** The dynamic linker that an image names. Linux: fs/binfmt_elf.c:load_elf_binary. */
function findInterpreter(context: ExecContext, image: ElfImage): ImageFile | undefined | LoadError {
  const name = image.interpreter;
  if (name === undefined) return undefined;
  const opened = openProgram(context, context.fs.cwd, decodeName(encodeName(name)));
  const found = opened instanceof LoadError ? opened : readInterpreter(context, opened, image);
  if (!(found instanceof LoadError)) return found;
  if (!(opened instanceof LoadError)) opened.file.release();
  const hint = found.errno === ENOENT ? " (--root DIR makes a Linux system in DIR the program's own)" : "";
  return new LoadError(`is for the dynamic linker ${name}, which ${found.reason}${hint}`, found.errno);
}

function readInterpreter(context: ExecContext, opened: Opened, program: ElfImage): ImageFile | LoadError {
  const { file, path, size, identity } = opened;
  const source = fileSource(file, size);
  const image = knownImage(context, identity) ?? readElf(source);
  if (image instanceof LoadError) return new LoadError(image.reason, ELIBBAD);
  if (image.bits !== program.bits) return new LoadError("is for another architecture", ELIBBAD);
  return { file, source, image, path, identity };
}

/** Of a file that was run before. A library without an entry is no program. */
function knownImage({ kernel: { modules } }: ExecContext, identity: string): ElfImage | undefined {
  const image = modules.imageOf(identity);
  return image?.entry === 0 ? undefined : image;
}

interface Opened {
  readonly file: OpenFile;
  readonly path: string;
  readonly size: number;
  readonly identity: string;
}

function openProgram(context: ExecContext, start: Location, path: string): Opened | LoadError {
  const location = walk(context.fs, start, path, true);
  if (location instanceof Errno) return new LoadError(reasonOf(location), location);
  const { inode } = location;
  if (inode.isDirectory) return new LoadError("is a directory", EACCES);
  if (!inode.isRegular) return new LoadError("is not a regular file", EACCES);
  const stat = new Stat();
  const failure = inode.stat(stat);
  if (failure !== 0) return new LoadError(reasonOf(failure), failure);
  if ((stat.mode & 0o111) === 0) return new LoadError("is not executable: its mode has no x", EACCES);
  const actor = { euid: context.credentials.euid, egid: context.credentials.egid };
  const file = inode.open({ flags: O_RDONLY, location, actor, task: context });
  if (file instanceof Errno) return new LoadError(reasonOf(file), file);
  return { file, path: absolutePath(location), size: stat.size, identity: identityOf(stat) };
}

function reasonOf(errno: Errno): string {
  switch (errno) {
    case ENOENT:
      return "was not found";
    case ENOTDIR:
      return "was not found: part of its path is not a directory";
    case EACCES:
      return "may not be read";
    case ELOOP:
      return "is a symbolic link that leads in circles";
    case EISDIR:
      return "is a directory";
    default:
      return `cannot be opened (${errno})`;
  }
}
