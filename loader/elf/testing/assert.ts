/** The two assertions these tests need, named as std's. */

export function assert(condition: boolean, message = "assertion failed"): asserts condition {
  if (!condition) throw new Error(message);
}

/** Compares primitives, arrays and plain objects. */
export function assertEquals(actual: unknown, expected: unknown, message = ""): void {
  if (Object.is(actual, expected)) return;
  const a = show(actual), b = show(expected);
  if (typeof actual !== "object" || a !== b) {
    throw new Error(`${message}\n  actual:   ${a}\n  expected: ${b}`);
  }
}

function show(value: unknown): string {
  return Deno.inspect(value, {
    depth: 8,
    iterableLimit: Infinity,
    strAbbreviateSize: Infinity,
    sorted: true,
  });
}
