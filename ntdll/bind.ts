/**
 * Functions of a Windows library. For each function that `dlopen` binds Deno compiles a caller, which takes more than a
 * millisecond; a call by address takes some microseconds more than one by such a caller. So the functions of a table are
 * looked up together, when one is first called, and each gets its caller when it has been called often. One that is
 * missing throws only when it is called.
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
  const addresses = new Addresses(library, Object.keys(table));
  const define = (name: string, value: Callable) =>
    void Object.defineProperty(symbols, name, { value, configurable: true, enumerable: true });
  for (const [name, definition] of Object.entries(table)) {
    Object.defineProperty(symbols, name, {
      configurable: true,
      enumerable: true,
      get() {
        const address = addresses.of(name) as Deno.PointerObject<typeof definition>;
        const pointer = new Deno.UnsafeFnPointer(address, definition);
        const value = counted(
          pointer.call.bind(pointer),
          () => define(name, Reflect.get(Deno.dlopen(library, { [name]: definition }).symbols, name)),
        );
        define(name, value);
        return value;
      },
    });
  }
  return symbols as Deno.DynamicLibrary<Table>["symbols"];
}

/** Where the functions are. */
class Addresses {
  #known: Readonly<Record<string, unknown>> | undefined;

  constructor(readonly library: string, readonly names: readonly string[]) {}

  of(name: string): Deno.PointerObject {
    this.#known ??= this.#look();
    const address = this.#known[name];
    if (!address) {
      throw new TypeError(`Cannot call ${name}: ${this.library} of this Windows does not have it`);
    }
    return address as Deno.PointerObject;
  }

  #look(): Readonly<Record<string, unknown>> {
    const wanted = this.names.map((name) => [name, { type: "pointer", optional: true }] as const);
    return Deno.dlopen(this.library, Object.fromEntries(wanted)).symbols;
  }
}

/** The function, which asks for a better one when that has become worth it. */
function counted(call: Callable, improve: () => void): Callable {
  let left = CALLS_BY_ADDRESS;
  return (...args) => {
    if (--left === 0) improve();
    return call(...args);
  };
}
