import { assertEquals } from "../testing/assert.ts";
import { searchPath } from "./search_path.ts";

const has = (...paths: string[]) => (path: string) => paths.includes(path);

Deno.test("searchPath() goes through the folders in their order", () => {
  const environment = ["HOME=/", "PATH=/usr/bin:/bin"];
  assertEquals(searchPath("sh", environment, has("/bin/sh", "/usr/bin/sh")), "/usr/bin/sh");
  assertEquals(searchPath("sh", environment, has("/bin/sh")), "/bin/sh");
  assertEquals(searchPath("sh", environment, has()), undefined);
});

Deno.test("searchPath() takes an empty folder for the current one", () => {
  assertEquals(searchPath("sh", ["PATH=/bin::/usr/bin"], has("./sh", "/usr/bin/sh")), "./sh");
});

Deno.test("searchPath() does not search for names with a place in them", () => {
  for (const name of ["./sh", "bin\\sh", "c:sh", ""]) {
    assertEquals(searchPath(name, ["PATH=."], () => true), undefined);
  }
});
