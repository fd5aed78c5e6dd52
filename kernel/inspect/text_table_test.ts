import { assertEquals } from "../testing/assert.ts";
import { textTable } from "./text_table.ts";

Deno.test("textTable() makes columns as wide as their widest cell, numbers to the right", () => {
  const columns = [{ title: "name" }, { title: "size", align: "right" as const }];
  assertEquals(textTable(columns, [["a", "1"], ["longer", "12345"]]), [
    "name     size",
    "a           1",
    "longer  12345",
  ]);
});

Deno.test("textTable() leaves out empty titles and trailing blanks", () => {
  const columns = [{ title: "" }, { title: "" }];
  assertEquals(textTable(columns, [["one", "x"], ["three", ""]]), ["one    x", "three"]);
  assertEquals(textTable(columns, []), []);
});
