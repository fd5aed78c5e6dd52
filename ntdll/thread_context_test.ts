import { RegisterFile } from "../kernel/abi/registers.ts";
import { assertEquals } from "../loader/elf/testing/assert.ts";
import { isLoss, NtError } from "./nt_error.ts";
import type { Ntdll } from "./symbols.ts";
import { threadContext } from "./thread_context.ts";

/** What every call for a thread's context answers. */
function answering(status: number): Ntdll {
  const answer = () => status;
  return {
    NtGetContextThread: answer,
    NtSetContextThread: answer,
    RtlWow64GetThreadContext: answer,
    RtlWow64SetThreadContext: answer,
  } as unknown as Ntdll;
}

Deno.test("a thread that cannot be reached is taken for one that is ending, another error for one of ours", () => {
  for (const bits of [64, 32] as const) {
    for (const [status, loss] of [[0xc0000001, true], [0xc0000008, false]] as const) {
      const context = threadContext(answering(status), bits), registers = new RegisterFile();
      for (const attempt of [() => context.load(1n, registers), () => context.store(1n, registers)]) {
        try {
          attempt();
          assertEquals("no error", "an error");
        } catch (error) {
          assertEquals([error instanceof NtError, isLoss(error)], [true, loss]);
        }
      }
    }
  }
});
