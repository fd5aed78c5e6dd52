/** The option that gives deno V8's flags for atratus, those of lib/v8_flags and `more`. */
export function v8Flags(...more: readonly string[]): string {
  const text = Deno.readTextFileSync(new URL("lib/v8_flags", import.meta.url));
  const flags = text.split(/\r?\n/).filter((line) => line.startsWith("--"));
  return `--v8-flags=${[...more, ...flags].join(",")}`;
}
