import { type Patient, runDoctor } from "./mod.ts";

function assert(condition: boolean, message: string): void {
  if (!condition) throw new Error(message);
}

/** A machine on which nothing works. */
const BROKEN: Patient = {
  get host(): never {
    throw new Error("no host", { cause: new Error("the reason") });
  },
  hello: () => Promise.resolve({ status: 1, output: "", reports: ["a report"], startMs: 0, betweenMs: 0 }),
  greeting: () => "hello",
  threadPointer: () => Promise.reject(new Error("no thread")),
};

Deno.test("runDoctor() goes on after probes that fail, says why, and ends with a verdict and status 1", async () => {
  const lines: string[] = [];
  const status = await runDoctor(BROKEN, (line) => lines.push(line));
  assert(status === 1, `status ${status}`);
  const find = (name: string) => lines.find((line) => line.includes(`  ${name}`)) ?? "";
  assert(/^ok .*10\.0/.test(find("Windows version")), find("Windows version"));
  assert(/^FAIL .*no host: the reason$/.test(find("views of single pages")), find("views of single pages"));
  assert(
    /^FAIL .*status 1, output ""; a report$/.test(find("hello world, x86-64")),
    find("hello world, x86-64"),
  );
  assert(/^FAIL .*no thread$/.test(find("thread pointer survives, 64-bit")), lines.join("\n"));
  assert(lines.at(-1)?.startsWith("atratus does not work on this machine: ") === true, lines.at(-1) ?? "");
});
