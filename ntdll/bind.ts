/**
 * Functions of a Windows library, each bound at its first call: to bind one costs Deno up to a millisecond, and no
 * run needs them all. A function that is missing throws only then.
 */
export function bind<const Table extends Deno.ForeignLibraryInterface>(
  library: string,
  table: Table,
): Deno.DynamicLibrary<Table>["symbols"] {
  const symbols = {};
  for (const [name, definition] of Object.entries(table)) {
    Object.defineProperty(symbols, name, {
      configurable: true,
      enumerable: true,
      get() {
        const value = Reflect.get(Deno.dlopen(library, { [name]: definition }).symbols, name);
        Object.defineProperty(symbols, name, { value, enumerable: true });
        return value;
      },
    });
  }
  return symbols as Deno.DynamicLibrary<Table>["symbols"];
}
