/** `atratus doctor`: asks this machine whether it can do what atratus needs, one line for each question. */
import type { Bits } from "../../kernel/host.ts";
import { hasWow64 } from "../wow64.ts";
import { containerStart, imageAddress, mitigationPolicies, pagePlaceholders } from "./containers.ts";
import { debugEvents, gate, hello, threadPointer } from "./guests.ts";
import { fail, type Finding, type Patient, type Probe } from "./probe.ts";
import { remoteThreads } from "./threads.ts";
import {
  caseSensitiveFolders,
  clock,
  processors,
  smartAppControl,
  token,
  windowsVersion,
  wow64,
} from "./windows.ts";

export type { Patient, ProgramRun } from "./probe.ts";

const OF_THE_MACHINE: readonly Probe[] = [
  windowsVersion,
  processors,
  token,
  smartAppControl,
  clock,
  caseSensitiveFolders,
  wow64,
  mitigationPolicies,
  pagePlaceholders,
  remoteThreads,
];

function ofPrograms(bits: Bits): Probe[] {
  return [containerStart, imageAddress, debugEvents, gate, threadPointer, hello].map((probe) => probe(bits));
}

/** Asks everything and returns the status to exit with: 0 when atratus works here. */
export async function runDoctor(patient: Patient, print: (line: string) => void): Promise<number> {
  const probes = [...OF_THE_MACHINE, ...ofPrograms(64), ...hasWow64() ? ofPrograms(32) : []];
  const width = Math.max(...probes.map(({ name }) => name.length));
  const bad: Record<Finding["state"], string[]> = { ok: [], warn: [], FAIL: [] };
  for (const probe of probes) {
    const { state, value } = await ask(probe, patient);
    bad[state].push(probe.name);
    print(`${state.padEnd(4)}  ${probe.name.padEnd(width)}  ${value}`);
  }
  print("");
  if (bad.FAIL.length > 0) {
    print(`atratus does not work on this machine: ${bad.FAIL.join("; ")}`);
    return 1;
  }
  const limits = bad.warn.length === 0 ? "" : `, with limits: ${bad.warn.join("; ")}`;
  print(`atratus works on this machine${limits}`);
  return 0;
}

async function ask(probe: Probe, patient: Patient): Promise<Finding> {
  try {
    return await probe.run(patient);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
    return fail((error instanceof Error ? error.message : String(error)) + cause);
  }
}
