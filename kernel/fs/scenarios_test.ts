import { FakeFiles } from "../testing/fake_files.ts";
import { FILE_SCENARIOS } from "../testing/file_scenarios.ts";
import { FileGuest } from "../testing/file_guest.ts";

for (const { name, run } of FILE_SCENARIOS) {
  Deno.test(`files: ${name}`, () => {
    const host = new FakeFiles();
    host.tree.mkdir("home", 0o755);
    run(new FileGuest(host, "/mnt/c/home"));
  });
}
