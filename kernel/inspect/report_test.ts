import { LoadError } from "../../loader/elf/mod.ts";
import { createEngine } from "../exec/engine.ts";
import { helloProgram } from "../selftest/programs.ts";
import { assert, assertEquals } from "../testing/assert.ts";
import { renderReport } from "./render.ts";
import { inspectBytes, type ProgramReport } from "./report.ts";

/** Any offsets and bytes do: nothing runs. */
const engine = createEngine("gate", {
  threadSlots(bits) {
    const slot = (index: number) => bits === 64 ? 0x1480 + 8 * index : 0xe10 + 4 * index;
    return {
      threadPointer: slot(62),
      spill: slot(63),
      secondSpill: slot(60),
      channel: slot(61),
      gateReturn: slot(59),
      otherBase: slot(58),
      fsSelector: slot(57),
      gsSelector: slot(56),
      canary: slot(55),
    };
  },
  gateJump: () => new Uint8Array(16).fill(0xcc),
});

function inspect(bytes: Uint8Array): ProgramReport {
  const report = inspectBytes("FILE", bytes, engine);
  if (report instanceof LoadError || report.kind === "script") throw new Error("it is no program");
  return report;
}

Deno.test("inspectBytes() reports a small static program of each ABI", () => {
  for (const bits of [64, 32] as const) {
    const report = inspect(helloProgram(bits, 10));
    const base = bits === 64 ? 0x40_0000 : 0x0804_8000;
    assertEquals(report.abi, bits === 64 ? "x86_64" : "i386");
    assertEquals([report.kind, report.type, report.entry], ["program", "exec", base + 0x100]);
    assertEquals(report.segments.map(({ address, rights }) => [address, rights]), [
      [base, "r-x"],
      [base + 0x1000, "rw-"],
    ]);
    assertEquals(report.siteCount, 4);
    assertEquals(report.sites.map(({ kind, total }) => [kind, total]), [[
      bits === 64 ? "syscall" : "int80",
      4,
    ]]);
    // The number of write is not loaded right before its instruction.
    assertEquals(report.calls.map(({ name }) => name), ["getppid"]);
    assertEquals([report.interpreter, report.needed.length, report.executableStack], [undefined, 0, false]);
  }
});

Deno.test("inspectBytes() says what scripts and other files are", () => {
  const encode = (text: string) => new TextEncoder().encode(text);
  const script = inspectBytes("FILE", encode("#!/bin/sh -e\n"), engine);
  assertEquals(script, { file: "FILE", kind: "script", interpreter: "/bin/sh", argument: "-e" });
  const text = inspectBytes("FILE", encode("hello\n"), engine);
  assert(text instanceof LoadError && text.reason === "is a text file without a #! line");
});

Deno.test("renderReport() shows every part of a report", () => {
  const lines = renderReport(inspect(helloProgram(64, 10)));
  assertEquals(lines[0], "FILE: a static ELF program for x86-64");
  for (const title of ["segments", "executable ranges"]) assert(lines.includes(title), title);
  assert(lines.some((line) => /^sites: 4, trapped /.test(line)));
  assert(lines.some((line) => /^ {2}all( +\d+){7} +[\d.]+ %$/.test(line)), lines.join("\n"));
});

/** The dynamic linker's idea of a program, from readelf. */
function neededByReadelf(path: string): string[] | undefined {
  try {
    const { stdout } = new Deno.Command("readelf", { args: ["-dW", path] }).outputSync();
    return [...new TextDecoder().decode(stdout).matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(([, name = ""]) =>
      name
    );
  } catch {
    return undefined;
  }
}

Deno.test({
  name: "inspectBytes() agrees with readelf about the libraries of real programs",
  ignore: Deno.build.os !== "linux",
  fn() {
    for (const path of ["/bin/bash", "/bin/ls", "/usr/bin/python3"]) {
      const needed = neededByReadelf(path);
      if (needed === undefined || needed.length === 0) continue;
      const report = inspect(Deno.readFileSync(path));
      assertEquals(report.needed, needed);
      assert(report.trappedCount <= report.siteCount * 0.005, `${path}: ${report.trappedCount} are trapped`);
    }
  },
});
