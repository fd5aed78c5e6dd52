/**
 * Functions of a Windows library. For each function that `dlopen` binds Deno compiles a caller, which takes more than a
 * millisecond; a call by address takes some microseconds more than one by such a caller. So a function is looked up when
 * it is first called, and gets its caller when it has been called often. One that is missing throws only then.
 */

/** What these calls cost more is less than what a caller costs. */
const CALLS_BY_ADDRESS = 256;

type Functions = Readonly<Record<string, Deno.ForeignFunction>>;
type Callable = Deno.UnsafeFnPointer<Deno.ForeignFunction>["call"];

export function bind<const Table extends Functions>(
  library: string,
  table: Table,
): Deno.DynamicLibrary<Table>["symbols"] {
  const symbols = {};
  const define = (name: string, value: Callable) =>
    void Object.defineProperty(symbols, name, { value, configurable: true, enumerable: true });
  for (const [name, definition] of Object.entries(table)) {
    Object.defineProperty(symbols, name, {
      configurable: true,
      enumerable: true,
      get() {
        const value = byAddress(library, name, definition, (compiled) => define(name, compiled));
        define(name, value);
        return value;
      },
    });
  }
  return symbols as Deno.DynamicLibrary<Table>["symbols"];
}

/** The function, called by its address; `replace` is given the better one when that has become worth it. */
function byAddress(
  library: string,
  name: string,
  definition: Deno.ForeignFunction,
  replace: (compiled: Callable) => void,
): Callable {
  const address = Deno.dlopen(library, { [name]: { type: "pointer" } }).symbols[name];
  const pointer = new Deno.UnsafeFnPointer(address as Deno.PointerObject<typeof definition>, definition);
  const call = pointer.call.bind(pointer);
  let left = CALLS_BY_ADDRESS;
  return (...args) => {
    if (--left === 0) replace(Reflect.get(Deno.dlopen(library, { [name]: definition }).symbols, name));
    return call(...args);
  };
}
