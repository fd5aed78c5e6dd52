/** HostFiles on Windows. */
import { Errno } from "../../kernel/abi/errno.ts";
import type { HostFiles, HostStream, HostTree } from "../../kernel/host_files.ts";
import {
  FILE_DIRECTORY_FILE,
  FILE_READ_ATTRIBUTES,
  FileAllInformation,
  STD_ERROR_HANDLE,
  STD_INPUT_HANDLE,
  STD_OUTPUT_HANDLE,
} from "./constants.ts";
import { FILE_ALL_INFORMATION } from "./layouts.ts";
import { Metadata } from "./metadata.ts";
import { kernelName, type Prefix, rootPrefix, subPrefix } from "./native_path.ts";
import { type Later, NtCalls } from "./nt_calls.ts";
import type { NtFile } from "./nt_file.ts";
import { NtTree } from "./nt_tree.ts";
import type { Stretch } from "../stretch.ts";
import { openStream } from "./nt_stream.ts";
import { openFileFunctions } from "./symbols.ts";

const STANDARD_HANDLES = [STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE] as const;

/**
 * Opens the libraries and gives the kernel its files; the stretch is that of the host which the kernel waits in. Without
 * `later` what is kept to be used again is kept to the end.
 */
export function openHostFiles(stretch: Stretch, later: Later = () => {}): HostFiles {
  return new NtHostFiles(new NtCalls(openFileFunctions(), stretch, later));
}

class NtHostFiles implements HostFiles {
  readonly #calls: NtCalls;
  readonly #prefixes = new Map<string, Prefix>();
  readonly #open = new Set<NtFile>();
  readonly #trees = new Map<string, HostTree>();

  constructor(calls: NtCalls) {
    this.#calls = calls;
  }

  drives(): readonly string[] {
    const mask = this.#calls.kernel32.GetLogicalDrives();
    // The mask comes from the mount manager; a machine without one still has the drive we are on, and Windows'.
    const known = [this.userPath(".")?.drive, Deno.env.get("SystemDrive")?.slice(0, 1).toLowerCase()];
    return [..."abcdefghijklmnopqrstuvwxyz"].filter((letter, bit) =>
      (mask & 1 << bit) !== 0 || known.includes(letter)
    );
  }

  drive(letter: string): HostTree {
    return this.subtree(letter, "");
  }

  subtree(drive: string, path: string): HostTree {
    const key = `${drive}:${path}`;
    let tree = this.#trees.get(key);
    if (!tree) {
      tree = new NtTree(this.#calls, subPrefix(this.#prefix(drive), path), this.#open);
      this.#trees.set(key, tree);
    }
    return tree;
  }

  userPath(text: string): { drive: string; path: string } | undefined {
    const slashes = text.replaceAll("\\", "/").replace(/^\/\/[?.]\//, "");
    const here = /^([A-Za-z]):[\\/]?(.*)$/s.exec(
      this.#wideString((size, into) => this.#calls.kernel32.GetCurrentDirectoryW(size, into)),
    );
    const withDrive = /^([A-Za-z]):(.*)$/s.exec(slashes);
    const drive = (withDrive?.[1] ?? here?.[1])?.toLowerCase();
    if (drive === undefined || slashes.startsWith("//")) return undefined;
    const rest = withDrive ? withDrive[2]! : slashes;
    const sameDrive = here?.[1]?.toLowerCase() === drive;
    const base = rest.startsWith("/") || !sameDrive ? "" : here![2]!.replaceAll("\\", "/");
    return { drive, path: normalize(`${base}/${rest}`) };
  }

  temporaryFolder(): { drive: string; path: string } | undefined {
    return this.userPath(this.#wideString((size, into) => this.#calls.kernel32.GetTempPathW(size, into)));
  }

  stream(fd: 0 | 1 | 2): HostStream {
    const handle = this.#calls.kernel32.GetStdHandle(STANDARD_HANDLES[fd]);
    return openStream(this.#calls, new Metadata(this.#calls, this.#prefix("c")), handle);
  }

  #prefix(drive: string): Prefix {
    let prefix = this.#prefixes.get(drive);
    if (!prefix) {
      prefix = rootPrefix(`\\??\\${drive.toUpperCase()}:\\`, "windows");
      if (drive === "z") prefix = this.#hostRoot(prefix) ?? prefix;
      this.#prefixes.set(drive, prefix);
    }
    return prefix;
  }

  /**
   * Wine shows its host's root as Z: and as \??\unix. The latter is the same files without the search for another
   * spelling of each name that is missing (measured: 430 µs in a large directory, else 3 µs), and it takes every
   * name. On Windows there is no such object.
   */
  #hostRoot(drive: Prefix): Prefix | undefined {
    const root = rootPrefix("\\??\\unix\\", "separators");
    const index = this.#rootIndex(root);
    return index !== undefined && index === this.#rootIndex(drive) ? root : undefined;
  }

  #rootIndex(prefix: Prefix): bigint | undefined {
    const handle = this.#calls.open(prefix, "", FILE_READ_ATTRIBUTES, FILE_DIRECTORY_FILE);
    if (handle instanceof Errno) return undefined;
    const status = this.#calls.query(handle, FileAllInformation);
    this.#calls.close(handle);
    if (status >= 0xc0000000) return undefined;
    return FILE_ALL_INFORMATION.read(this.#calls.scratchView, 0).IndexNumber;
  }

  #wideString(call: (size: number, into: Uint8Array<ArrayBuffer>) => number): string {
    const buffer = new Uint16Array(32768);
    const length = call(buffer.length, new Uint8Array(buffer.buffer));
    return kernelName(buffer.subarray(0, length));
  }
}

/** Resolves ".", ".." and empty names as Windows does, textually. */
function normalize(path: string): string {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return names.join("/");
}
