import { checkFile } from "./check_deps.ts";

/** The rules that `text` as `file` breaks, as `line what`. */
function broken(file: string, text: string): string[] {
  return checkFile(file, text).map(({ line, what }) => `${line} ${what}`);
}

function expect(actual: string[], ...expected: RegExp[]) {
  const fits = actual.length === expected.length &&
    expected.every((pattern, i) => pattern.test(actual[i] ?? ""));
  if (!fits) {
    throw new Error(`Unexpected violations: ${JSON.stringify(actual)}, expected ${expected.join(", ")}`);
  }
}

// Put together here, so that this file breaks no rule itself.
const DLOPEN = `Deno.${"dlopen"}`;
const POINTER = `Deno.${"Unsafe"}Pointer`;
const STATUS = `NT${"STATUS"}`;
const ANY = "an" + "y";

Deno.test("checkFile() finds FFI outside ntdll/", () => {
  const text = `const a = 1;\nconst lib = ${DLOPEN}("ntdll.dll", {});\n${POINTER}.of(a);\n`;
  expect(broken("kernel/mm/mm.ts", text), /^2 Deno\.dlopen is for ntdll/, /^3 .* is for ntdll/);
  expect(broken("main.ts", text), /^2 /, /^3 /);
  expect(broken("ntdll/section.ts", text));
});

Deno.test("checkFile() finds Windows' names outside ntdll/, but not in comments", () => {
  expect(broken("kernel/host.ts", `type ${STATUS} = number; // ${STATUS}\n`), /^1 .* is for ntdll/);
});

Deno.test("checkFile() finds imports against the direction", () => {
  expect(
    broken("kernel/mm/mm.ts", `import { a } from "../../ntdll/section.ts";\n`),
    /imports ntdll\/section\.ts/,
  );
  expect(
    broken("loader/elf/mod.ts", `const a = await import("../../ntdll/a.ts");\n`),
    /imports ntdll\/a\.ts/,
  );
  expect(broken("ntdll/a.ts", `import type { B } from "../kernel/task/task.ts";\n`), /imports kernel\/task/);
  expect(broken("loader/a.ts", `import "../main.ts";\n`), /imports main\.ts/);
});

Deno.test("checkFile() allows what the design allows", () => {
  expect(broken("main.ts", `import { a } from "./ntdll/a.ts";\nimport { b } from "./kernel/b.ts";\n`));
  expect(
    broken("ntdll/a.ts", `import { a } from "../kernel/abi/a.ts";\nimport { b } from "../kernel/host.ts";\n`),
  );
  expect(broken("kernel/a.ts", `import { b } from "../loader/b.ts";\n`));
  expect(broken("kernel/a.ts", `const text = "imports: ${ANY} number";\n`));
});

Deno.test("checkFile() finds types that say nothing, and comments that hide problems", () => {
  expect(broken("kernel/a.ts", `let a: ${ANY};\nconst b = a as ${ANY};\n`), /^1 /, /^2 /);
  expect(broken("kernel/a.ts", `// @ts-${"ignore"}\n// deno-lint-${"ignore"} no-undef\n`), /^1 /, /^2 /);
});

Deno.test("checkFile() finds a registry's host in any file", () => {
  expect(broken("package-lock.json", `\n"resolved": "https://registry.${"npmjs"}.org/a"`), /^2 /);
});
