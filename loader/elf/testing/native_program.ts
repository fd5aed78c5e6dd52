/** Compiles C programs for tests that ask the real Linux kernel. */

/** Path of the program, or undefined when this machine can't build or run it. */
export function compile(directory: string, name: string, source: string, ...flags: string[]) {
  const path = `${directory}/${name}`;
  Deno.writeTextFileSync(`${path}.c`, source);
  try {
    const gcc = new Deno.Command("gcc", {
      args: ["-O1", "-w", ...flags, "-o", path, `${path}.c`],
      stderr: "null",
    });
    return gcc.outputSync().success ? path : undefined;
  } catch {
    return undefined;
  }
}

export const isLinux = Deno.build.os === "linux";
