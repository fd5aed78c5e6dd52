/// <reference path="./assembly.d.ts" />
/**
 * What rewrite.ts asks about the instructions around a site that it wants to displace. AssemblyScript, for the reason
 * that loop.as.ts gives.
 */
import { CODE, flagsAt, MAX_LENGTH, START, TARGET } from "./loop.as.ts";

/** A sweep that is out of step is in step again after a few instructions. */
const STEP_WINDOW: i32 = 64;

/** Where the sweep found the start of the instruction before `at`; -1: not as far back as an instruction can reach. */
export function startBefore(at: i32): i32 {
  for (let start = at - 1; start >= 0 && start >= at - MAX_LENGTH; start--) {
    if ((load<u8>(flagsAt + start) & START) != 0) return start;
  }
  return -1;
}

/** Something jumps between what the sweep took for instructions: data before has put it out of step here. */
export function isOutOfStep(start: i32, stop: i32): boolean {
  for (let at = start > STEP_WINDOW ? start - STEP_WINDOW : 0; at < stop; at++) {
    if ((load<u8>(flagsAt + at) & (TARGET | START)) == TARGET && !isBehindLock(at)) return true;
  }
  return false;
}

/** glibc jumps over the lock prefixes of programs with one thread. */
function isBehindLock(at: i32): boolean {
  return at > 0 && load<u8>(CODE + at - 1) == 0xf0 && (load<u8>(flagsAt + at - 1) & START) != 0;
}
