import { fileTime, nanosecondsOf, secondsOf } from "./filetime.ts";
import {
  decodeCygwinLink,
  decodeReparseLink,
  encodeCygwinLink,
  encodeLxFifo,
  encodeLxLink,
  encodeSystemFifo,
  isSystemFifo,
} from "./link_formats.ts";
import { decodeLxAttributes, encodeLxAttributes } from "./lx_attributes.ts";
import { foldFileId } from "./metadata.ts";
import { kernelName, NativePath, rootPrefix, subPrefix, wide } from "./native_path.ts";

function equal(actual: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${a} is not ${b}`);
}

function nativeName(path: string, prefix = rootPrefix("\\??\\C:\\", "windows")): string {
  const name = new NativePath();
  if (!name.set(prefix, path)) return "too long";
  return String.fromCharCode(...new Uint16Array(name.text.slice().buffer));
}

Deno.test("names that Windows forbids are escaped, the rest is not", () => {
  equal(nativeName(""), "\\??\\C:\\");
  equal(nativeName("a/b.c/.d"), "\\??\\C:\\a\\b.c\\.d");
  equal(nativeName("a:b"), "\\??\\C:\\a\uf03ab");
  equal(nativeName("x. /y."), "\\??\\C:\\x.\uf020\\y\uf02e");
  equal(nativeName("\x01\\"), "\\??\\C:\\\uf001\uf05c");
  equal(nativeName("\udcff"), "\\??\\C:\\\uf0ff");
  equal(nativeName("\u{1f4ff}"), "\\??\\C:\\\u{1f4ff}");
  equal(nativeName("a:b.\\", rootPrefix("\\??\\unix\\", "separators")), "\\??\\unix\\a:b.\uf05c");
  equal(nativeName("x".repeat(20_000)), "too long");
  const below = subPrefix(rootPrefix("\\??\\C:\\", "windows"), "r/s");
  equal(nativeName("", below), "\\??\\C:\\r\\s");
  equal(nativeName("t", below), "\\??\\C:\\r\\s\\t");
});

Deno.test("every name comes back from Windows as it was", () => {
  for (
    const name of ["a", "a:b*?", "x.", "y ", "\\", "\udcff\udc80", "\uf03a", "\uf0ffü", "\u{1f4ff}\udc80"]
  ) {
    equal(kernelName(wide(nativeName(name).slice(7))), name);
  }
});

Deno.test("times convert both ways, exactly", () => {
  for (const [seconds, nanoseconds] of [[0, 0], [1_795_361_166, 862_129_700], [-1, 999_999_900]] as const) {
    const time = fileTime(seconds, nanoseconds);
    const [low, high] = [Number(time & 0xffff_ffffn), Number(time >> 32n)];
    equal([secondsOf(low, high), nanosecondsOf(low, high)], [seconds, nanoseconds]);
  }
});

Deno.test("symbolic links in each form", () => {
  for (const target of ["a", "../x y", "/mnt/c/ü", "\udcff"]) {
    equal(decodeReparseLink(encodeLxLink(target)), target);
    equal(decodeCygwinLink(encodeCygwinLink(target)), target);
  }
  equal(decodeCygwinLink(new TextEncoder().encode("!<symlink>old\0")), "old");
  equal(decodeCygwinLink(new TextEncoder().encode("#!/bin/sh")), undefined);
  equal(decodeReparseLink(windowsLink("\\??\\C:\\Users\\x", 0)), "/mnt/c/Users/x");
  equal(decodeReparseLink(windowsLink("..\\x", 1)), "../x");
});

/** REPARSE_DATA_BUFFER of Windows' own symbolic link. */
function windowsLink(target: string, flags: number): Uint8Array<ArrayBuffer> {
  const name = new Uint8Array(wide(target).buffer);
  const data = new Uint8Array(20 + name.length);
  const view = new DataView(data.buffer);
  view.setUint32(0, 0xa000000c, true);
  view.setUint16(4, 12 + name.length, true);
  view.setUint16(10, name.length, true);
  view.setUint32(16, flags, true);
  data.set(name, 20);
  return data;
}

Deno.test("WSL's attributes", () => {
  const list = encodeLxAttributes({ mode: 0o100755, gid: 7 });
  equal(decodeLxAttributes(new DataView(list.buffer), list.length), { mode: 0o100755, gid: 7 });
  equal(encodeLxAttributes({ uid: 1 }).length, 20);
});

Deno.test("file ids fit into a number and stay different", () => {
  equal(foldFileId(2_154_600n), 2_154_600);
  const ids = [5n, 6n].flatMap((record) => [1n, 2n, 0xffffn].map((sequence) => sequence << 48n | record));
  equal(new Set(ids.map(foldFileId)).size, ids.length);
  equal(ids.every((id) => Number.isSafeInteger(foldFileId(id))), true);
});

Deno.test("a FIFO is WSL's empty reparse point, or a system file", () => {
  equal(encodeLxFifo(), Uint8Array.of(0x24, 0, 0, 0x80, 0, 0, 0, 0));
  equal(isSystemFifo(encodeSystemFifo()), true);
  equal(isSystemFifo(encodeCygwinLink("x")), false);
  equal(decodeCygwinLink(encodeSystemFifo()), undefined);
});
