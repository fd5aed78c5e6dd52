/** What would keep a program from working, or make it slow, as far as its file tells. */
import type { DynamicInfo, ElfImage } from "../../loader/elf/mod.ts";
import { protOf } from "../exec/rewrite_image.ts";
import { PROT_EXEC, PROT_WRITE } from "../host.ts";
import type { NamedCall } from "./named_calls.ts";

export interface Findings {
  readonly image: ElfImage;
  readonly dynamic: DynamicInfo | undefined;
  readonly calls: readonly NamedCall[];
  readonly siteCount: number;
  readonly trappedCount: number;
}

/** Shares of trapped sites above this are worth a word. */
const MANY_TRAPPED = 0.005;

/** Windows keeps its data for user programs here in every process (KUSER_SHARED_DATA), and 64 KiB around it. */
const WINDOWS_OWN = { start: 0x7ffe_0000, end: 0x7fff_0000 };

type Check = (findings: Findings) => string | undefined;

const CHECKS: readonly Check[] = [
  ({ image }) => image.entry === 0 ? "is a shared library: it has no entry point" : undefined,
  ({ dynamic }) => dynamic?.textRelocations ? "has relocations that change its code (DT_TEXTREL)" : undefined,
  ({ image }) => {
    const both = PROT_WRITE | PROT_EXEC;
    const segment = image.segments.find((s) => (protOf(image, s) & both) === both);
    return segment &&
      `has a segment that is writable and executable (${segment.index}): slow when it is used so`;
  },
  ({ image }) =>
    image.type === "exec" && image.lowest < WINDOWS_OWN.end && image.highest > WINDOWS_OWN.start
      ? `needs addresses that Windows uses itself (0x${WINDOWS_OWN.start.toString(16)})`
      : undefined,
  ({ siteCount, trappedCount }) =>
    trappedCount > siteCount * MANY_TRAPPED
      ? `has many instructions that are emulated one by one (${trappedCount} of ${siteCount}): slow if they are hot`
      : undefined,
  ({ calls }) => {
    const absent = calls.filter(({ support }) => support === "absent").map(({ name }) => name);
    return absent.length === 0
      ? undefined
      : `names system calls that atratus does not have: ${absent.join(" ")}`;
  },
];

export function problemsOf(findings: Findings): string[] {
  return CHECKS.map((check) => check(findings)).filter((problem) => problem !== undefined);
}
