import { ELOOP, ENOENT, ENOTDIR, Errno } from "../abi/errno.ts";
import { assertEquals } from "../testing/assert.ts";
import { FakeFiles } from "../testing/fake_files.ts";
import { FsContext } from "./fs_context.ts";
import { absolutePath } from "./mount.ts";
import { createNamespace } from "./namespace.ts";
import { walk } from "./path_walk.ts";

function setUp(root?: { drive: string; path: string }) {
  const host = new FakeFiles();
  host.tree.mkdir("d", 0o755);
  host.tree.mkdir("d/e", 0o755);
  host.tree.create("d/e/f", 0o644);
  host.tree.symlink("l", "d/e");
  host.tree.symlink("d/up", "../..");
  host.tree.symlink("abs", "/mnt/c/d");
  const namespace = createNamespace({ host, root, bootTime: 0 });
  const context = new FsContext(namespace.root, namespace.root);
  const at = (path: string, follow = true) => {
    const found = walk(context, context.cwd, path, follow);
    return found instanceof Errno ? found : absolutePath(found);
  };
  return { host, namespace, context, at };
}

Deno.test("walk() crosses mounts both ways", () => {
  const { at } = setUp();
  assertEquals(at("/"), "/");
  assertEquals(at("//mnt///c/./d/"), "/mnt/c/d");
  assertEquals(at("/mnt/c/../c/d/.."), "/mnt/c");
  assertEquals(at("/mnt/c/d/../../../.."), "/");
  assertEquals(at("/dev/null"), "/dev/null");
  assertEquals(at("/dev/null/"), ENOTDIR);
  assertEquals(at("/dev/null/x"), ENOTDIR);
  assertEquals(at("/mnt/x"), ENOENT);
  assertEquals(at(""), ENOENT);
});

Deno.test("walk() follows links on the host as Linux does", () => {
  const { at } = setUp();
  assertEquals(at("/mnt/c/l/f"), "/mnt/c/d/e/f");
  assertEquals(at("/mnt/c/l"), "/mnt/c/d/e");
  assertEquals(at("/mnt/c/l", false), "/mnt/c/l");
  assertEquals(at("/mnt/c/l/", false), "/mnt/c/d/e");
  assertEquals(at("/mnt/c/l/.."), "/mnt/c/d");
  assertEquals(at("/mnt/c/d/up/d"), ENOENT);
  assertEquals(at("/mnt/c/d/up/c/d/e"), "/mnt/c/d/e");
  assertEquals(at("/mnt/c/abs/e/f"), "/mnt/c/d/e/f");
  assertEquals(at("/mnt/c/d/e/f/.."), ENOTDIR);
  assertEquals(at("/mnt/c/nope/.."), ENOENT);
});

Deno.test("forty links are followed, more are ELOOP", () => {
  const { host, at } = setUp();
  host.tree.create("s0", 0o644);
  for (let i = 1; i <= 41; i++) host.tree.symlink(`s${i}`, `s${i - 1}`);
  assertEquals(at("/mnt/c/s40"), "/mnt/c/s0");
  assertEquals(at("/mnt/c/s41"), ELOOP);
});

Deno.test("a plain path of the host costs one look-up", () => {
  const { host, context, at } = setUp();
  const cwd = walk(context, context.root, "/mnt/c", true);
  if (cwd instanceof Errno) throw new Error("no /mnt/c");
  context.setCwd(cwd);
  host.tree.lookups = 0;
  assertEquals(at("d/e/f"), "/mnt/c/d/e/f");
  assertEquals(host.tree.lookups, 1);
  assertEquals(at("d/e/missing"), ENOENT);
  assertEquals(host.tree.lookups, 2);
});

Deno.test("the root cannot be left", () => {
  const { context, at } = setUp();
  const jail = walk(context, context.root, "/mnt/c/d", true);
  if (jail instanceof Errno) throw new Error("no jail");
  context.setRoot(jail);
  assertEquals(at("/e/f"), "/mnt/c/d/e/f");
  assertEquals(at("/.."), "/mnt/c/d");
  assertEquals(at("/../../.."), "/mnt/c/d");
  context.setCwd(jail);
  assertEquals(at(".."), "/mnt/c/d");
});

Deno.test("--root shows a folder as /, with /dev over it", () => {
  const { at, namespace } = setUp({ drive: "c", path: "home/x" });
  assertEquals(at("/d/e"), "/d/e");
  assertEquals(at("/dev/zero"), "/dev/zero");
  assertEquals(at("/dev/.."), "/");
  assertEquals(at("d/../l/f"), "/d/e/f");
  assertEquals(namespace.guestPath({ drive: "c", path: "home/x/y" }), "/y");
  assertEquals(namespace.guestPath({ drive: "c", path: "home" }), undefined);
});

Deno.test("paths the user writes become guest paths", () => {
  const { namespace, at } = setUp();
  const exists = (path: string) => !(at(path) instanceof Errno);
  assertEquals(namespace.guestPathOf("C:\\d\\e", exists), "/mnt/c/d/e");
  assertEquals(namespace.guestPathOf("/mnt/c/d", exists), "/mnt/c/d");
  assertEquals(namespace.guestPathOf("/d/e", exists), "/mnt/c/d/e");
  assertEquals(namespace.guestPathOf("d\\e", exists), "/mnt/c/d/e");
});
