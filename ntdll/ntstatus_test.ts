import { EACCES, EIO, ENOENT, ENOSPC, EPIPE } from "../kernel/abi/errno.ts";
import { errnoOf, STATUS_TABLE } from "./ntstatus.ts";

function equal(actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`${actual} is not ${expected}`);
}

Deno.test("each NTSTATUS stands once in the table, and none is a success but PENDING", () => {
  equal(new Set(STATUS_TABLE.map(([status]) => status)).size, STATUS_TABLE.length);
  equal(new Set(STATUS_TABLE.map(([, name]) => name)).size, STATUS_TABLE.length);
  equal(STATUS_TABLE.filter(([status]) => status < 0x80000000).map(([, name]) => name).join(), "PENDING");
});

Deno.test("errnoOf() knows the usual ones and calls the rest EIO", () => {
  equal(errnoOf(0xc0000034), ENOENT);
  equal(errnoOf(0xc0000022), EACCES);
  equal(errnoOf(0xc000007f), ENOSPC);
  equal(errnoOf(0xc000014b), EPIPE);
  equal(errnoOf(0xc0de0001), EIO);
});
