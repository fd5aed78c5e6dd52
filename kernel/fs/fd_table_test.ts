import { EBADF, EINVAL, EMFILE } from "../abi/errno.ts";
import { S_IFREG } from "../abi/stat.ts";
import { assertEquals } from "../testing/assert.ts";
import { FdTable } from "./fd_table.ts";
import { OpenFile } from "./open_file.ts";

class Recorder extends OpenFile {
  override readonly type = S_IFREG;
  closed = 0;
  constructor() {
    super(0, undefined);
  }
  override stat(): 0 {
    return 0;
  }
  protected override destroy(): void {
    this.closed++;
  }
}

function filled(count: number): { table: FdTable; files: Recorder[] } {
  const table = new FdTable();
  const files = Array.from({ length: count }, () => new Recorder());
  for (const file of files) table.install(file, false);
  return { table, files };
}

Deno.test("the lowest free descriptor is taken", () => {
  const { table, files } = filled(5);
  assertEquals(table.close(3), 0);
  assertEquals(table.close(1), 0);
  assertEquals(table.close(1), EBADF);
  assertEquals(files.map((file) => file.closed), [0, 1, 0, 1, 0]);
  assertEquals([0, 0, 0].map(() => table.install(new Recorder(), false)), [1, 3, 5]);
  assertEquals(table.install(new Recorder(), false, 10), 10);
  assertEquals(table.install(new Recorder(), false), 6);
  assertEquals(table.get(-1), undefined);
  assertEquals(table.get(1e9), undefined);
});

Deno.test("the limit holds for new descriptors only", () => {
  const { table } = filled(3);
  table.limit = 4;
  assertEquals(table.install(new Recorder(), false), 3);
  assertEquals(table.install(new Recorder(), false), EMFILE);
  assertEquals(table.install(new Recorder(), false, 4), EINVAL);
  assertEquals(table.replace(4, new Recorder(), false), EBADF);
});

Deno.test("replace() closes what was there", () => {
  const { table, files } = filled(3);
  assertEquals(table.replace(1, files[0]!.retain(), true), 1);
  assertEquals([files[1]!.closed, table.closesOnExec(1)], [1, true]);
  table.close(0);
  assertEquals(files[0]!.closed, 0);
  table.close(1);
  assertEquals(files[0]!.closed, 1);
});

Deno.test("a clone shares the files and keeps the flags", () => {
  const { table, files } = filled(3);
  table.setCloseOnExec(1, true);
  const copy = table.clone();
  table.closeAll();
  assertEquals(files.map((file) => file.closed), [0, 0, 0]);
  assertEquals([copy.closesOnExec(1), copy.end], [true, 3]);
  copy.closeOnExec();
  assertEquals(files.map((file) => file.closed), [0, 1, 0]);
  assertEquals(copy.share(), copy);
  copy.release();
  assertEquals(copy.get(0), files[0]);
  copy.release();
  assertEquals(files.map((file) => file.closed), [1, 1, 1]);
});
