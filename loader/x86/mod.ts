/** The x86 rewriter: finds the instructions that must not run as they are, and patches them. */
export { codePointers } from "./code_pointers.ts";
export { codeRuns } from "./code_runs.ts";
export { Decoder, Encoding, MAX_LENGTH, type Mode, Segment } from "./decoder.ts";
export { ehFrameAddress, functionRanges, landingPads } from "./eh_frame.ts";
export { Functions } from "./functions.ts";
export { Kind } from "./instruction_kind.ts";
export { CANARY_OFFSET } from "./mirror_form.ts";
export type {
  AddressRange,
  CodeRegion,
  DataRange,
  FunctionRange,
  RewriteTarget,
  TlsSlots,
} from "./region.ts";
export { rewrite } from "./rewrite.ts";
export {
  type GuestPosition,
  Rewritten,
  type Site,
  type SiteKindName,
  type SiteTable,
  type Stats,
  type TacticName,
} from "./rewritten.ts";
export { sweep } from "./sweep.ts";
