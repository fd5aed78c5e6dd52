/** What a probe is: one question to the machine, answered in one line. */
import type { Bits, Host } from "../../kernel/host.ts";

export interface Finding {
  /** "warn": atratus works, but not as well as it could. */
  readonly state: "ok" | "warn" | "FAIL";
  /** What was measured. */
  readonly value: string;
}

/** How a self-test program ran; times in milliseconds. */
export interface ProgramRun {
  readonly status: number;
  readonly output: string;
  readonly reports: readonly string[];
  readonly startMs: number;
  readonly betweenMs: number;
}

/** What probes work with. The kernel is not ours to import, so main.ts gives us what runs on it. */
export interface Patient {
  /** Throws when Windows lacks what the host is made of. */
  readonly host: Host;
  /** Writes `greeting`; with `rounds`, makes as many system calls and writes it again. */
  hello(bits: Bits, engine: "gate" | "trap", rounds: number): Promise<ProgramRun>;
  greeting(bits: Bits): string;
  /** Looks for its thread pointer after each of some sleeps; status 0 when it was always there. */
  threadPointer(bits: Bits): Promise<ProgramRun>;
}

export interface Probe {
  readonly name: string;
  /** What it throws is a FAIL. */
  run(patient: Patient): Finding | Promise<Finding>;
}

export function ok(value: string): Finding {
  return { state: "ok", value };
}

export function warn(value: string): Finding {
  return { state: "warn", value };
}

export function fail(value: string): Finding {
  return { state: "FAIL", value };
}

/** Numbers of Windows, as its documentation writes them. */
export function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
