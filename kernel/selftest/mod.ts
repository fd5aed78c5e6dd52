/** The self-test: small programs of both ABIs, run by a kernel of their own. */
import type { Engine } from "../exec/engine.ts";
import type { Bits, Host } from "../host.ts";
import { helloProgram, helloText, threadPointerProgram } from "./programs.ts";
import { runSelfTest, type SelfTestMachine, type SelfTestOutcome } from "./run.ts";

export type { SelfTestMachine } from "./run.ts";

const SLEEPS = 20;

export class SelfTest {
  readonly #make: () => SelfTestMachine;
  #machine: SelfTestMachine | undefined;

  /** `make` is called when the machine is first needed, and again after it threw. */
  constructor(make: () => SelfTestMachine) {
    this.#make = make;
  }

  get machine(): SelfTestMachine {
    return this.#machine ??= this.#make();
  }

  get host(): Host {
    return this.machine.host;
  }

  hello(bits: Bits, engine: Engine["name"], rounds: number): Promise<SelfTestOutcome> {
    return runSelfTest(this.machine, engine, helloProgram(bits, rounds));
  }

  greeting(bits: Bits): string {
    return helloText(bits);
  }

  threadPointer(bits: Bits): Promise<SelfTestOutcome> {
    return runSelfTest(this.machine, "gate", threadPointerProgram(bits, SLEEPS));
  }
}
