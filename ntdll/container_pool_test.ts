import { assertEquals } from "../loader/elf/testing/assert.ts";
import type { NtContainer } from "./container.ts";
import { ContainerPool } from "./container_pool.ts";

function containerOf(program: string | undefined): NtContainer {
  const leftovers = program === undefined ? undefined : { program };
  return { bits: 64, leftovers } as unknown as NtContainer;
}

Deno.test("a program gets the container that ran it last, or the one that has waited longest", () => {
  const pool = new ContainerPool();
  const [old, cat, fresh, bash, laterCat] = ["true", "cat", undefined, "bash", "cat"].map(containerOf);
  for (const container of [old, cat, fresh, bash, laterCat]) pool.put(container!);
  assertEquals(pool.take(64, "cat") === laterCat, true);
  assertEquals(pool.take(64, "bash") === bash, true);
  assertEquals(pool.take(64, "gcc") === old, true);
  assertEquals(pool.take(64, undefined) === cat, true);
  assertEquals(pool.take(64, "gcc") === fresh, true);
  assertEquals(pool.hasSpare(64), false);
});

Deno.test("a container that has ended is not handed out", () => {
  const pool = new ContainerPool();
  const [ended, other] = ["cat", "cat"].map(containerOf);
  pool.put(other!);
  pool.put(ended!);
  pool.drop(ended!);
  assertEquals(pool.take(64, "cat") === other, true);
  assertEquals(pool.take(64, "cat"), undefined);
});
