/** The keys of this process's console, for tests. */

const EVENTS = { SIGINT: 0, SIGQUIT: 1 } as const;

/** Ctrl-C or Ctrl-Break, for every process on the console but this one. Throws when there is no console. */
export function pressKeys(signal: keyof typeof EVENTS): void {
  // What SetConsoleCtrlHandler ignores children would ignore, too: so it is Deno that does nothing about them.
  Deno.addSignalListener("SIGINT", ignore);
  Deno.addSignalListener("SIGBREAK", ignore);
  const { symbols } = Deno.dlopen("kernel32.dll", {
    GenerateConsoleCtrlEvent: {
      parameters: ["u32", /* DWORD dwCtrlEvent */ "u32" /* DWORD dwProcessGroupId: 0 is all */],
      result: "i32",
    },
  });
  if (symbols.GenerateConsoleCtrlEvent(EVENTS[signal], 0) === 0) {
    throw new Error(`Cannot press the keys for ${signal}: no console`);
  }
}

function ignore(): void {}
