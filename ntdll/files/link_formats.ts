/**
 * How symbolic links are stored: WSL's reparse point, Windows' own (read only), or Cygwin's system file. FIFOs are
 * WSL's reparse point without data, or a system file of our own.
 */
import { decodeName, encodeName } from "../../kernel/abi/names.ts";
import {
  IO_REPARSE_TAG_LX_FIFO,
  IO_REPARSE_TAG_LX_SYMLINK,
  IO_REPARSE_TAG_MOUNT_POINT,
  IO_REPARSE_TAG_SYMLINK,
} from "./constants.ts";
import { REPARSE_DATA_BUFFER } from "./layouts.ts";
import { kernelName, wide } from "./native_path.ts";

/** Version word before the target in WSL's reparse data. */
const LX_VERSION = 2;
const COOKIE = "!<symlink>";
const FIFO_COOKIE = "!<fifo>";
/** Most bytes of a Cygwin link: cookie, byte order mark, PATH_MAX characters and a NUL. */
export const CYGWIN_LINK_LIMIT = COOKIE.length + 2 + 2 * 4097;

export function encodeLxLink(target: string): Uint8Array<ArrayBuffer> {
  const bytes = encodeName(target);
  const out = new Uint8Array(REPARSE_DATA_BUFFER.size + 4 + bytes.length);
  const view = new DataView(out.buffer);
  REPARSE_DATA_BUFFER.write(view, 0, {
    ReparseTag: IO_REPARSE_TAG_LX_SYMLINK,
    ReparseDataLength: 4 + bytes.length,
    Reserved: 0,
  });
  view.setUint32(REPARSE_DATA_BUFFER.size, LX_VERSION, true);
  out.set(bytes, REPARSE_DATA_BUFFER.size + 4);
  return out;
}

/**
 * The target in reparse data, undefined when the tag is no symbolic link. Windows' absolute targets (`\??\C:\x`)
 * become paths of the drive view (`/mnt/c/x`).
 */
export function decodeReparseLink(data: Uint8Array<ArrayBuffer>): string | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const head = REPARSE_DATA_BUFFER.read(view, 0);
  const start = REPARSE_DATA_BUFFER.size;
  if (head.ReparseTag === IO_REPARSE_TAG_LX_SYMLINK) {
    return decodeName(data.subarray(start + 4, start + head.ReparseDataLength));
  }
  if (head.ReparseTag !== IO_REPARSE_TAG_SYMLINK && head.ReparseTag !== IO_REPARSE_TAG_MOUNT_POINT) {
    return undefined;
  }
  // SubstituteNameOffset and -Length, PrintNameOffset and -Length, then Flags for symbolic links only
  const names = start + (head.ReparseTag === IO_REPARSE_TAG_SYMLINK ? 12 : 8);
  const from = names + view.getUint16(start, true);
  const raw = data.slice(from, from + view.getUint16(start + 2, true));
  const text = String.fromCharCode(...new Uint16Array(raw.buffer));
  const absolute = /^\\\?\?\\([A-Za-z]):\\?(.*)$/s.exec(text);
  const slashes = (part: string) => kernelName(wide(part)).replaceAll("\\", "/");
  return absolute ? `/mnt/${absolute[1]!.toLowerCase()}/${slashes(absolute[2]!)}` : slashes(text);
}

export function encodeCygwinLink(target: string): Uint8Array<ArrayBuffer> {
  const characters = new Uint16Array(target.length + 2);
  characters[0] = 0xfeff;
  for (let i = 0; i < target.length; i++) {
    const code = target.charCodeAt(i);
    characters[i + 1] = code >= 0xdc80 && code <= 0xdcff && !isHigh(target.charCodeAt(i - 1))
      ? code - 0xdc00 + 0xf000
      : code;
  }
  const out = new Uint8Array(COOKIE.length + characters.byteLength);
  new TextEncoder().encodeInto(COOKIE, out);
  out.set(new Uint8Array(characters.buffer), COOKIE.length);
  return out;
}

/** The target in a system file's content; undefined when it is no link. */
export function decodeCygwinLink(data: Uint8Array<ArrayBuffer>): string | undefined {
  for (let i = 0; i < COOKIE.length; i++) if (data[i] !== COOKIE.charCodeAt(i)) return undefined;
  const rest = data.slice(COOKIE.length);
  if (rest[0] !== 0xff || rest[1] !== 0xfe) { // before Cygwin 1.7: bytes up to the NUL
    const end = rest.indexOf(0);
    return decodeName(end < 0 ? rest : rest.subarray(0, end));
  }
  const characters = new Uint16Array(rest.buffer, 2, (rest.length - 2) >> 1);
  const end = characters.indexOf(0);
  return kernelName(end < 0 ? characters : characters.subarray(0, end));
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

export function encodeLxFifo(): Uint8Array<ArrayBuffer> {
  return REPARSE_DATA_BUFFER.encode({ ReparseTag: IO_REPARSE_TAG_LX_FIFO });
}

export function encodeSystemFifo(): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(FIFO_COOKIE);
}

/** Whether a system file's content says that it is a FIFO. */
export function isSystemFifo(data: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(data) === FIFO_COOKIE;
}
