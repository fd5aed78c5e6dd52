/** The assertions of the kernel's tests, named as std's. */
import { assert } from "../../loader/elf/testing/assert.ts";

export { assert, assertEquals } from "../../loader/elf/testing/assert.ts";

/** `run` throws an error whose text matches. */
export function assertThrows(run: () => unknown, pattern: RegExp): void {
  let thrown: unknown;
  try {
    run();
  } catch (error) {
    thrown = error;
  }
  assert(pattern.test(String(thrown)), `expected an error like ${pattern}, got ${thrown}`);
}
