import type { FileRange } from "./vma.ts";

/** Memory that is to be mapped, in the place of whatever was there. */
export interface MapRequest {
  readonly start: number;
  readonly end: number;
  readonly prot: number;
  readonly file?: FileRange;
  readonly name?: string;
  readonly shared?: boolean;
  /** Memory only when it is touched: most of it will be mapped over before. */
  readonly untouched?: boolean;
}
