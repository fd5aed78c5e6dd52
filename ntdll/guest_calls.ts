/**
 * Windows functions for a guest's thread to call on its own process, before it goes on. Locally they cost a hundredth
 * of what the kernel would pay for the same from outside.
 */
import { u32, u64 } from "../kernel/abi/layout.ts";
import { CALL_DATA_SIZE, CallRecord, Channel, MAX_CALLS } from "../loader/x86/gate/channel.ts";
import type { StubImport } from "./stub_pe.ts";

/** An argument that points to the first, second or third word of the call's data. */
export const DATA_0 = Symbol("pointer to data word 0");
export const DATA_1 = Symbol("pointer to data word 1");
export const DATA_2 = Symbol("pointer to data word 2");

export type GuestArgument = number | typeof DATA_0 | typeof DATA_1 | typeof DATA_2;

export interface GuestCall {
  readonly name: StubImport;
  readonly arguments: readonly GuestArgument[];
  /** At most three words. */
  readonly data: readonly number[];
}

/** Writes the first MAX_CALLS calls into the channel at `address` and returns how many they are. */
export function writeCalls(
  view: DataView,
  address: number,
  calls: readonly GuestCall[],
  importOf: (name: StubImport) => number,
): number {
  const count = Math.min(calls.length, MAX_CALLS);
  for (let index = 0; index < count; index++) {
    const call = calls[index]!;
    const dataAt = Channel.offset.callData + index * CALL_DATA_SIZE;
    call.data.forEach((word, i) => u64.write(view, dataAt + 8 * i, word));
    const data = address + dataAt;
    const record = Channel.offset.callRecords + index * CallRecord.size;
    u64.write(view, record + CallRecord.offset.function, importOf(call.name));
    for (let i = 0; i < call.arguments.length; i++) {
      u64.write(view, record + CallRecord.offset.arguments + 8 * i, argumentWord(call.arguments[i]!, data));
    }
    u32.write(view, record + CallRecord.offset.status, 0);
  }
  return count;
}

/** The NTSTATUS that a call of the last batch ended with. */
export function callStatus(view: DataView, index: number): number {
  return u32.read(view, Channel.offset.callRecords + index * CallRecord.size + CallRecord.offset.status);
}

function argumentWord(argument: GuestArgument, data: number): number {
  if (typeof argument === "number") return argument;
  return argument === DATA_0 ? data : argument === DATA_1 ? data + 8 : data + 16;
}
