import { assert } from "../loader/elf/testing/assert.ts";
import { bind } from "./bind.ts";

const number = { parameters: [], result: "u32" } as const;

Deno.test("a function that Windows does not have fails where it is used, and no other does", () => {
  const k32 = bind("kernel32.dll", { GetNoSuchThing: number, GetCurrentProcessId: number });
  assert(k32.GetCurrentProcessId() === Deno.pid, "GetCurrentProcessId() gives another id");
  let problem = "";
  try {
    k32.GetNoSuchThing();
  } catch (error) {
    problem = String(error);
  }
  assert(/GetNoSuchThing.*kernel32/.test(problem), `says ${problem}`);
});

Deno.test("a function is the same after many calls", () => {
  const k32 = bind("kernel32.dll", { GetCurrentProcessId: number });
  for (let i = 0; i < 1000; i++) assert(k32.GetCurrentProcessId() === Deno.pid, `call ${i} gives another id`);
});
