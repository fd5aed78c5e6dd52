/**
 * What files must do on every host: run against the fake in unit tests, against Windows in tests/. Each gets a
 * guest whose working directory is empty.
 */
import {
  AT_FDCWD,
  AT_REMOVEDIR,
  O_APPEND,
  O_CREAT,
  O_DIRECTORY,
  O_EXCL,
  O_NOFOLLOW,
  O_RDONLY,
  O_RDWR,
  O_TRUNC,
  O_WRONLY,
  RENAME_NOREPLACE,
} from "../abi/fcntl.ts";
import { Stat } from "../fs/stat.ts";
import {
  sysChmod,
  sysChown,
  sysFchmod,
  sysFtruncate,
  sysTruncate,
  sysUtimensat,
} from "../syscalls/attributes.ts";
import { sysChdir, sysGetcwd } from "../syscalls/directory.ts";
import { sysLseek, sysPwrite64 } from "../syscalls/read_write.ts";
import {
  sysLink,
  sysMkdir,
  sysReadlink,
  sysRename,
  sysRenameat2,
  sysRmdir,
  sysSymlink,
  sysUnlink,
  sysUnlinkat,
} from "../syscalls/path_ops.ts";
import { assert, assertEquals } from "./assert.ts";
import { type FileGuest, plain } from "./file_guest.ts";

export interface Scenario {
  readonly name: string;
  run(g: FileGuest): void;
}

const scenario = (name: string, run: (g: FileGuest) => void): Scenario => ({ name, run });

const mkdir = (g: FileGuest, path: string, mode = 0o755) => plain(sysMkdir(g.task, g.text(path), mode));
const rmdir = (g: FileGuest, path: string) => plain(sysRmdir(g.task, g.text(path)));
const unlink = (g: FileGuest, path: string) => plain(sysUnlink(g.task, g.text(path)));
const rename = (g: FileGuest, a: string, b: string) => plain(sysRename(g.task, g.text(a), g.text(b)));
const link = (g: FileGuest, a: string, b: string) => plain(sysLink(g.task, g.text(a), g.text(b)));
const symlink = (g: FileGuest, target: string, path: string) =>
  plain(sysSymlink(g.task, g.text(target), g.text(path)));
const chmod = (g: FileGuest, path: string, mode: number) => plain(sysChmod(g.task, g.text(path), mode));

function readlink(g: FileGuest, path: string): string | number {
  const length = plain(sysReadlink(g.task, g.text(path), g.data, 4096));
  return typeof length === "number" ? new TextDecoder().decode(g.bytes(length)) : length;
}

function statOf(g: FileGuest, path: string, follow = true): Stat {
  const stat = g.stat(path, follow);
  if (!(stat instanceof Stat)) throw new Error(`${path}: ${stat}`);
  return stat;
}

export const FILE_SCENARIOS: readonly Scenario[] = [
  scenario("a file keeps what is written, at the position and at offsets", (g) => {
    const fd = g.open("f", O_RDWR | O_CREAT | O_EXCL);
    assertEquals(g.write(fd, "hello world"), 11);
    assertEquals(g.read(fd), "");
    assertEquals(plain(sysLseek(g.task, Number(fd), 6, 0)), 6);
    assertEquals(g.read(fd), "world");
    assertEquals(plain(sysLseek(g.task, Number(fd), -5, 2)), 6);
    assertEquals(plain(sysLseek(g.task, Number(fd), -12, 2)), "EINVAL");
    g.bytes(2).set([72, 69]);
    assertEquals(plain(sysPwrite64(g.task, Number(fd), g.data, 2, 0)), 2);
    assertEquals(g.pread(fd, 5, 0), "HEllo");
    assertEquals(g.read(fd, 2), "wo");
    assertEquals(g.pread(fd, 5, 100), "");
    assertEquals(g.close(fd), 0);
    assertEquals(g.close(fd), "EBADF");
    assertEquals(statOf(g, "f").size, 11);
  }),
  scenario("open() flags", (g) => {
    assertEquals(g.open("f", O_RDONLY), "ENOENT");
    g.put("f", "12345");
    assertEquals(g.open("f", O_WRONLY | O_CREAT | O_EXCL), "EEXIST");
    assertEquals(g.open("f/", O_RDONLY), "ENOTDIR");
    assertEquals(g.open("f/x", O_RDONLY), "ENOTDIR");
    assertEquals(g.open("f/x", O_WRONLY | O_CREAT), "ENOTDIR");
    assertEquals(g.open("d/x", O_WRONLY | O_CREAT), "ENOENT");
    assertEquals(g.open("f", O_DIRECTORY), "ENOTDIR");
    assertEquals(g.open(".", O_WRONLY), "EISDIR");
    assertEquals(g.open("new/", O_WRONLY | O_CREAT), "EISDIR");
    assertEquals(g.open("", O_RDONLY), "ENOENT");
    assertEquals(g.open("x".repeat(256), O_RDONLY), "ENAMETOOLONG");
    assertEquals(g.open("x/".repeat(2048), O_RDONLY), "ENAMETOOLONG");
    const append = g.open("f", O_WRONLY | O_APPEND);
    g.write(append, "67");
    g.write(append, "8");
    assertEquals(g.read(append), "EBADF");
    g.close(append);
    assertEquals(g.get("f"), "12345678");
    g.close(g.open("f", O_WRONLY | O_TRUNC));
    assertEquals(g.get("f"), "");
  }),
  scenario("truncate and holes", (g) => {
    const fd = g.open("f", O_RDWR | O_CREAT);
    g.write(fd, "abc");
    assertEquals(plain(sysFtruncate(g.task, Number(fd), 5)), 0);
    assertEquals(g.pread(fd, 10, 0), "abc\0\0");
    assertEquals(plain(sysTruncate(g.task, g.text("f"), 1)), 0);
    assertEquals(g.pread(fd, 10, 0), "a");
    assertEquals(plain(sysLseek(g.task, Number(fd), 3, 0)), 3);
    g.write(fd, "d");
    assertEquals(g.pread(fd, 10, 0), "a\0\0d");
    assertEquals(plain(sysTruncate(g.task, g.text("."), 1)), "EISDIR");
    assertEquals(plain(sysFtruncate(g.task, Number(fd), -1)), "EINVAL");
    g.close(fd);
  }),
  scenario("directories", (g) => {
    assertEquals(mkdir(g, "d"), 0);
    assertEquals(mkdir(g, "d"), "EEXIST");
    assertEquals(mkdir(g, "d/e/"), 0);
    assertEquals(mkdir(g, "x/e"), "ENOENT");
    g.put("d/f", "x");
    assertEquals(g.list("d"), [".", "..", "e", "f"]);
    assertEquals(rmdir(g, "d"), "ENOTEMPTY");
    assertEquals(rmdir(g, "d/f"), "ENOTDIR");
    assertEquals(rmdir(g, "d/e/."), "EINVAL");
    assertEquals(unlink(g, "d/e"), "EISDIR");
    assertEquals(plain(sysUnlinkat(g.task, AT_FDCWD, g.text("d/e"), AT_REMOVEDIR)), 0);
    assertEquals(unlink(g, "d/f"), 0);
    assertEquals(g.list("d"), [".", ".."]);
    const before = g.cwd;
    assertEquals(plain(sysChdir(g.task, g.text("d"))), 0);
    assertEquals(g.cwd, `${before}/d`);
    const length = plain(sysGetcwd(g.task, g.data, 4096));
    assertEquals(length, before.length + 3);
    assertEquals(plain(sysGetcwd(g.task, g.data, 3)), "ERANGE");
    assertEquals(plain(sysChdir(g.task, g.text(".."))), 0);
    assertEquals(g.cwd, before);
    assertEquals(rmdir(g, "d"), 0);
    assertEquals(g.stat("d"), "ENOENT");
  }),
  scenario("many entries come once each, in small pieces", (g) => {
    const names = Array.from({ length: 150 }, (_, i) => `entry-${i}`);
    for (const name of names) g.put(name, "");
    assertEquals(g.list(".", 100), [".", "..", ...names].sort());
  }),
  scenario("rename replaces, moves directories and refuses nonsense", (g) => {
    g.put("a", "A");
    g.put("b", "B");
    const open = g.open("b", O_RDONLY);
    assertEquals(rename(g, "a", "b"), 0);
    assertEquals(g.get("b"), "A");
    assertEquals(g.pread(open, 9, 0), "B");
    g.close(open);
    assertEquals(g.stat("a"), "ENOENT");
    assertEquals(rename(g, "a", "c"), "ENOENT");
    assertEquals(rename(g, "b", "b"), 0);
    mkdir(g, "d");
    mkdir(g, "e");
    g.put("d/f", "F");
    assertEquals(rename(g, "b", "d"), "EISDIR");
    assertEquals(rename(g, "d", "b"), "ENOTDIR");
    assertEquals(rename(g, "e", "d"), "ENOTEMPTY");
    assertEquals(rename(g, "d", "d/x"), "EINVAL");
    assertEquals(rename(g, "d", "e"), 0);
    assertEquals(g.get("e/f"), "F");
    const flags = (a: string, b: string) =>
      plain(sysRenameat2(g.task, AT_FDCWD, g.text(a), AT_FDCWD, g.text(b), RENAME_NOREPLACE));
    g.put("c", "C");
    assertEquals(flags("b", "c"), "EEXIST");
    assertEquals(flags("b", "g"), 0);
    assertEquals(g.list("."), [".", "..", "c", "e", "g"]);
  }),
  scenario("a renamed directory takes the working directory along", (g) => {
    const before = g.cwd;
    mkdir(g, "d");
    g.put("d/f", "F");
    plain(sysChdir(g.task, g.text("d")));
    assertEquals(rename(g, "../d", "../e"), 0);
    assertEquals(g.cwd, `${before}/e`);
    assertEquals(g.get("f"), "F");
    plain(sysChdir(g.task, g.text("..")));
  }),
  scenario("an unlinked file lives on while it is open, and its name is free", (g) => {
    g.put("f", "old");
    const fd = g.open("f", O_RDWR);
    assertEquals(unlink(g, "f"), 0);
    assertEquals(unlink(g, "f"), "ENOENT");
    assertEquals(g.stat("f"), "ENOENT");
    assertEquals(g.list("."), [".", ".."]);
    assertEquals(g.pread(fd, 9, 0), "old");
    g.put("f", "new");
    assertEquals(g.write(fd, "OLD"), 3);
    assertEquals(g.pread(fd, 9, 0), "OLD");
    assertEquals(g.get("f"), "new");
    g.close(fd);
    assertEquals(g.get("f"), "new");
  }),
  scenario("a file closed, replaced and opened again is the new one", (g) => {
    g.put("f", "one");
    assertEquals(g.get("f"), "one");
    assertEquals(g.get("f"), "one");
    g.put("g", "two");
    rename(g, "g", "f");
    assertEquals(g.get("f"), "two");
    unlink(g, "f");
    assertEquals(g.get("f"), "ENOENT");
    g.put("f", "three");
    assertEquals(g.get("f"), "three");
  }),
  scenario("hard links share one file", (g) => {
    g.put("a", "1");
    assertEquals(link(g, "a", "b"), 0);
    assertEquals(link(g, "a", "b"), "EEXIST");
    assertEquals(statOf(g, "a").nlink, 2);
    assertEquals(statOf(g, "a").ino, statOf(g, "b").ino);
    g.put("b", "22");
    assertEquals(g.get("a"), "22");
    unlink(g, "a");
    assertEquals(statOf(g, "b").nlink, 1);
    mkdir(g, "d");
    assertEquals(link(g, "d", "e"), "EPERM");
  }),
  scenario("what changes a file is seen at once, by each of its names", (g) => {
    const see = (path: string) => {
      const { mode, nlink, size } = statOf(g, path);
      return `${(mode & 0o777).toString(8)} ${nlink} ${size}`;
    };
    for (let time = 0; time < 20; time++) { // quicker than some clocks of files go
      g.put("a", "one", 0o755);
      assertEquals(see("a"), "755 1 3");
      link(g, "a", "b");
      link(g, "b", "c");
      assertEquals([see("a"), see("b"), see("c")], ["755 3 3", "755 3 3", "755 3 3"]);
      chmod(g, "b", 0o700);
      assertEquals([see("a"), see("b"), see("c")], ["700 3 3", "700 3 3", "700 3 3"]);
      const fd = g.open("c", 1);
      assertEquals(plain(sysFchmod(g.task, Number(fd), 0o711)), 0);
      assertEquals([see("a"), see("b"), see("c")], ["711 3 3", "711 3 3", "711 3 3"]);
      g.write(fd, "four");
      g.close(fd);
      unlink(g, "a");
      assertEquals([see("b"), see("c")], ["711 2 4", "711 2 4"]);
      g.put("d", "another", 0o755);
      assertEquals(see("d"), "755 1 7");
      rename(g, "d", "b");
      assertEquals([see("b"), see("c")], ["755 1 7", "711 1 4"]);
      rename(g, "b", "e");
      assertEquals([see("e"), g.stat("b")], ["755 1 7", "ENOENT"]);
      for (const name of ["c", "e"]) unlink(g, name);
    }
  }),
  scenario("symbolic links are followed, in the middle and at the end", (g) => {
    mkdir(g, "d");
    g.put("d/f", "F");
    assertEquals(symlink(g, "d/f", "l"), 0);
    assertEquals(symlink(g, "d", "m"), 0);
    assertEquals(symlink(g, "nowhere", "n"), 0);
    assertEquals(symlink(g, "o", "o"), 0);
    assertEquals(symlink(g, "d", "m"), "EEXIST");
    assertEquals(g.get("l"), "F");
    assertEquals(g.get("m/f"), "F");
    assertEquals(g.get("m/../d/f"), "F");
    assertEquals(g.get("n"), "ENOENT");
    assertEquals(g.get("o"), "ELOOP");
    assertEquals(g.open("l", O_NOFOLLOW), "ELOOP");
    assertEquals(readlink(g, "l"), "d/f");
    assertEquals(readlink(g, "d"), "EINVAL");
    assertEquals(g.mode("l", false), "120777");
    assertEquals(statOf(g, "l", false).size, 3);
    assertEquals(g.mode("m").slice(0, 2), "40");
    assertEquals(g.open("n", O_WRONLY | O_CREAT | O_EXCL), "EEXIST");
    const made = g.open("n", O_WRONLY | O_CREAT);
    g.write(made, "N");
    g.close(made);
    assertEquals(g.get("nowhere"), "N");
    assertEquals(g.list("m"), [".", "..", "f"]);
    assertEquals(rmdir(g, "m"), "ENOTDIR");
    assertEquals(rename(g, "l", "k"), 0);
    assertEquals(g.get("k"), "F");
    for (const name of ["k", "m", "n", "o"]) assertEquals(unlink(g, name), 0);
    assertEquals(g.get("d/f"), "F");
    symlink(g, g.cwd + "/d", "abs");
    assertEquals(g.get("abs/f"), "F");
  }),
  scenario("modes survive", (g) => {
    g.put("f", "1", 0o640);
    assertEquals(g.mode("f"), "100640");
    assertEquals(chmod(g, "f", 0o4755), 0);
    assertEquals(g.mode("f"), "104755");
    assertEquals(chmod(g, "f", 0o444), 0);
    assertEquals(g.mode("f"), "100444");
    g.put("f", "2"); // root may
    assertEquals(g.get("f"), "2");
    assertEquals(g.mode("f"), "100444");
    assertEquals(rename(g, "f", "g"), 0);
    assertEquals(g.mode("g"), "100444");
    assertEquals(unlink(g, "g"), 0);
    g.put("g", "3");
    assertEquals(g.mode("g"), "100644");
    mkdir(g, "d", 0o700);
    assertEquals(g.mode("d"), "40700");
    assertEquals(plain(sysChown(g.task, g.text("g"), 12, -1)), 0);
    assertEquals([statOf(g, "g").uid, statOf(g, "g").gid], [12, 0]);
    const secret = g.open("h", O_RDWR | O_CREAT, 0o000);
    assertEquals(g.write(secret, "x"), 1);
    g.close(secret);
    assertEquals(g.mode("h"), "100000");
  }),
  scenario("times can be set, to the 100 nanoseconds", (g) => {
    g.put("f", "1");
    const view = new DataView(g.bytes(32).buffer, g.bytes(32).byteOffset);
    [1_234_567_890, 123_456_700, 1_555_555_555, 999_999_900].forEach((value, i) => {
      view.setUint32(i * 8, value, true);
      view.setUint32(i * 8 + 4, 0, true);
    });
    assertEquals(plain(sysUtimensat(g.task, AT_FDCWD, g.text("f"), g.data, 0)), 0);
    const stat = statOf(g, "f");
    assertEquals([stat.atime, stat.atimeNsec, stat.mtime, stat.mtimeNsec], [
      1_234_567_890,
      123_456_700,
      1_555_555_555,
      999_999_900,
    ]);
  }),
  scenario("names: any byte but NUL and slash", (g) => {
    const names = [
      "a:b",
      'q?*<>|"',
      "back\\slash",
      "dot.",
      "space ",
      "nul",
      "con.txt",
      "\u00fc\u20ac\u{1f600}",
      "\udcff\udc80x",
      "\uf03a",
      "\t\x01",
    ];
    for (const name of names) {
      g.put(name, name.length.toString());
      assertEquals(g.get(name), name.length.toString());
    }
    const listed = new Set(g.list("."));
    assertEquals(listed.size, names.length + 2);
    for (const name of ["a:b", 'q?*<>|"', "back\\slash", "dot.", "space ", "\uf03a"]) {
      assert(listed.has(name), `${name} is missing`);
    }
    for (const name of names) assertEquals(unlink(g, name), 0);
    assertEquals(g.list("."), [".", ".."]);
  }),
];
