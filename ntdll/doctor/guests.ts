/** Probes that run guest programs: they go through everything that a user's program does. */
import type { Bits } from "../../kernel/host.ts";
import { fail, type Finding, ok, type Patient, type Probe, type ProgramRun, warn } from "./probe.ts";

const GATE_ROUNDS = 100_000;
const EVENT_ROUNDS = 200;
/** Nanoseconds: slower is worth a word. */
const SLOW_GATE = 5_000;
const SLOW_EVENT = 1_000_000;

/** The one thing that is wrong with a run, if anything. */
function complaint(run: ProgramRun, output: string): Finding | undefined {
  if (run.status === 0 && run.output === output) return undefined;
  const said = run.output === output ? "" : `, output ${JSON.stringify(run.output)}`;
  return fail([`status ${run.status}${said}`, ...run.reports].join("; "));
}

async function timeCalls(
  patient: Patient,
  bits: Bits,
  engine: "gate" | "trap",
  rounds: number,
  slow: number,
): Promise<Finding> {
  const run = await patient.hello(bits, engine, rounds);
  const wrong = complaint(run, patient.greeting(bits).repeat(2));
  if (wrong !== undefined) return wrong;
  const nanoseconds = run.betweenMs * 1e6 / rounds;
  const value = `${Math.round(nanoseconds).toLocaleString("en")} ns`;
  return nanoseconds <= slow ? ok(value) : warn(`${value}, which is slow`);
}

/** A system call through shared memory. */
export function gate(bits: Bits): Probe {
  return {
    name: `gate round trip, ${bits}-bit`,
    run: (patient) => timeCalls(patient, bits, "gate", GATE_ROUNDS, SLOW_GATE),
  };
}

/** A system call through an exception. */
export function debugEvents(bits: Bits): Probe {
  return {
    name: `debug event, ${bits}-bit`,
    run: (patient) => timeCalls(patient, bits, "trap", EVENT_ROUNDS, SLOW_EVENT),
  };
}

export function threadPointer(bits: Bits): Probe {
  return {
    name: `thread pointer survives, ${bits}-bit`,
    async run(patient) {
      const run = await patient.threadPointer(bits);
      if (run.status === 1) return fail("lost: Windows or another program uses our thread slots");
      return complaint(run, "") ?? ok("after each of 20 sleeps");
    },
  };
}

export function hello(bits: Bits): Probe {
  return {
    name: `hello world, ${bits === 64 ? "x86-64" : "i386"}`,
    async run(patient) {
      const run = await patient.hello(bits, "gate", 0);
      return complaint(run, patient.greeting(bits)) ?? ok(`${run.startMs.toFixed(0)} ms to its first byte`);
    },
  };
}
