/** Probes of containers: that they start, where memory can be mapped in them, and what policies they run under. */
import { Errno } from "../../kernel/abi/errno.ts";
import { type Bits, type Container, PAGE_SIZE, PROT_READ, PROT_WRITE } from "../../kernel/host.ts";
import { NtContainer } from "../container.ts";
import { fail, type Finding, hex, ok, type Patient, type Probe, warn } from "./probe.ts";
import { policyFunctions } from "./symbols.ts";

/** Starts a container for `use` alone. */
function inContainer(patient: Patient, bits: Bits, use: (container: Container) => Finding): Finding {
  using container = patient.host.acquireContainer(bits);
  return use(container);
}

export function containerStart(bits: Bits): Probe {
  return {
    name: bits === 64 ? "container start, 64-bit" : "container start, 32-bit (WoW64)",
    run(patient) {
      const started = performance.now();
      return inContainer(patient, bits, () => ok(`${(performance.now() - started).toFixed(0)} ms`));
    },
  };
}

/** Maps `pages` of a section, from its page `offset` on. */
function mapAt(
  patient: Patient,
  container: Container,
  address: number,
  pages: number,
  offset: number,
): Finding {
  const section = patient.host.createSection((offset + pages) * PAGE_SIZE);
  if (section instanceof Errno) return fail(`no section: ${section}`);
  const size = pages * PAGE_SIZE;
  const prot = PROT_READ | PROT_WRITE;
  const failure = container.map(address, size, section, offset * PAGE_SIZE, prot);
  return failure === undefined ? ok(hex(address)) : fail(`${hex(address)}: ${failure}`);
}

/** Where linkers put programs that cannot be moved; 4 MiB are tried. */
export function imageAddress(bits: Bits): Probe {
  const address = bits === 64 ? 0x40_0000 : 0x0804_8000;
  return {
    name: `section at ${hex(address)}, ${bits}-bit`,
    run: (patient) => inContainer(patient, bits, (container) => mapAt(patient, container, address, 1024, 0)),
  };
}

/** Two views a page long and a page apart: neither address nor offset fits Windows' 64 KiB. */
export const pagePlaceholders: Probe = {
  name: "views of single pages",
  run: (patient) =>
    inContainer(patient, 64, (container) => {
      const first = mapAt(patient, container, 0x1000_1000, 1, 1);
      return first.state === "ok" ? mapAt(patient, container, 0x1000_3000, 1, 3) : first;
    }),
};

interface Policy {
  readonly name: string;
  /** PROCESS_MITIGATION_POLICY and the bit that turns it on. */
  readonly number: number;
  readonly bit: number;
  readonly state: "warn" | "FAIL";
}

/** Policies that an administrator can force on every process, and that guests do not survive. */
const POLICIES: readonly Policy[] = [
  { name: "Arbitrary Code Guard", number: 2, bit: 1, state: "FAIL" },
  { name: "Control Flow Guard", number: 7, bit: 1, state: "warn" },
  { name: "hardware shadow stacks", number: 15, bit: 1, state: "FAIL" },
];

export const mitigationPolicies: Probe = {
  name: "mitigation policies",
  run: (patient) =>
    inContainer(patient, 64, (container) => {
      if (!(container instanceof NtContainer)) return fail("the host is not Windows");
      const { GetProcessMitigationPolicy } = policyFunctions();
      const value = new Uint8Array(4);
      const forced = POLICIES.filter(({ number, bit }) =>
        GetProcessMitigationPolicy(container.process, number, value, BigInt(value.length)) !== 0 &&
        (value[0]! & bit) !== 0
      );
      if (forced.length === 0) return ok("none in the way");
      const names = `forced on containers: ${forced.map(({ name }) => name).join(", ")}`;
      return forced.some(({ state }) => state === "FAIL") ? fail(names) : warn(names);
    }),
};
