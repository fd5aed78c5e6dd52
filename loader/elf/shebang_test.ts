import { parseShebang } from "./mod.ts";
import { assert, assertEquals } from "./testing/assert.ts";
import { compile, isLinux } from "./testing/native_program.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** The interpreter, and the argument if there is one. */
function parse(text: string): string[] | undefined {
  const line = parseShebang(encode(text));
  if (line === undefined) return undefined;
  return [line.interpreter, line.argument].flatMap((part) => part === undefined ? [] : [decode(part)]);
}

const fill = (length: number) => "x".repeat(length);

const CASES: [text: string, expected: string[] | undefined][] = [
  ["#!/bin/sh\necho\n", ["/bin/sh"]],
  ["#! \t/bin/sh \t\n", ["/bin/sh"]],
  ["#!/bin/sh -e -x \n", ["/bin/sh", "-e -x"]],
  ["#!/bin/sh\t-e\n", ["/bin/sh", "-e"]],
  ["#!/bin/sh\r\n", ["/bin/sh\r"]],
  ["#!/bin/sh", ["/bin/sh"]],
  ["#!/bin/sh -e", ["/bin/sh", "-e"]],
  ["#!/bin/sh ", ["/bin/sh", ""]],
  ["#!/bin/sh -e ", ["/bin/sh", "-e "]],
  ["#!/bin/sh\0-e\n", ["/bin/sh"]],
  ["#!/bin/sh -e\0f\n", ["/bin/sh", "-e"]],
  ["#!", [""]],
  ["#!\n", undefined],
  ["#! \t \n/bin/sh\n", undefined],
  ["# !/bin/sh\n", undefined],
  ["", undefined],
  ["#", undefined],
  ["#!" + " ".repeat(300), undefined],
  ["#!" + fill(300), undefined],
  ["#!" + fill(253) + "\n", [fill(253)]],
  ["#!" + fill(254), undefined],
  ["#!/bin/sh " + fill(300), ["/bin/sh", fill(245)]],
  ["#!/bin/sh " + fill(200) + " ".repeat(100), ["/bin/sh", fill(200)]],
];

Deno.test("parseShebang() reads the first line as Linux does", () => {
  for (const [text, expected] of CASES) assertEquals(parse(text), expected, JSON.stringify(text));
});

Deno.test({
  name: "parseShebang() agrees with the kernel of this machine",
  ignore: !isLinux,
  fn() {
    const directory = Deno.makeTempDirSync();
    try {
      compareWithKernel(directory);
    } finally {
      Deno.removeSync(directory, { recursive: true });
    }
  },
});

/** The interpreter prints its argv, so the output is what the kernel made of the line. */
function compareWithKernel(directory: string): void {
  const interpreter = compile(
    directory,
    "i",
    `#include <stdio.h>
    int main(int n, char **v) { while (n--) { fputs(*v++, stdout); putchar(1); } }`,
  );
  if (interpreter === undefined) return;
  const script = `${directory}/script`;
  const pieces = [
    " ",
    "\t",
    "\n",
    "\0",
    "-a",
    "b c",
    "\r",
    interpreter,
    interpreter,
    fill(100),
    " ".repeat(120),
  ];
  let state = 1;
  const random = (below: number) => (state = state * 48271 % 0x7fffffff) % below;
  let ran = 0;
  for (let i = 0; i < 400; i++) {
    let text = "#!" + (random(4) > 0 ? interpreter : "");
    for (let count = random(6); count > 0; count--) text += pieces[random(pieces.length)]!;
    Deno.writeFileSync(script, encode(text), { mode: 0o755 });
    const line = parse(text);
    const works = line?.[0] === interpreter;
    let output: string | undefined;
    try {
      output = decode(new Deno.Command(script).outputSync().stdout);
    } catch {
      // ENOENT
    }
    // After ENOEXEC the C library runs /bin/sh, whose output is not ours.
    if (!output?.endsWith(`\x01${script}\x01`)) output = undefined;
    assertEquals(output, works ? [...line!, script, ""].join("\x01") : undefined, JSON.stringify(text));
    if (works) ran++;
  }
  assert(ran > 100, `only ${ran} ran`);
}
