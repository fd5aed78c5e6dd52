/** What was measured, and its table. */
import { type StepCosts, stepText } from "./step_costs.ts";
import { median } from "./median.ts";
import { textTable } from "../../kernel/inspect/text_table.ts";

export interface BenchResult {
  /** With ".i386" for the other ABI. */
  readonly case: string;
  /** Nanoseconds, the median of the rounds; null where it was not measured. */
  readonly native: number | null;
  readonly atratus: number | null;
  /** atratus by native, the median of the rounds: both are measured in each, for how fast a machine is may change. */
  readonly ratio: number | null;
  /** The fastest round by the fastest native one: what it would be on a machine that does nothing else. */
  readonly best: number | null;
  /** The highest ratio that is good. */
  readonly target: number | null;
  /** The highest time that is good, in milliseconds. */
  readonly limit: number | null;
  /** What `native` is, when it is not the same program on this machine's Linux; or why there are no values. */
  readonly note: string;
  /** Of a case that makes processes: microseconds by what a step consists of. */
  readonly costs?: StepCosts;
}

/** Nanoseconds of the rounds of one program. */
export type Times = readonly number[];

export function result(
  name: string,
  native: Times | undefined,
  atratus: Times | undefined,
  { target, limit }: { readonly target?: number | undefined; readonly limit?: number | undefined } = {},
  note = "",
): BenchResult {
  const both = native !== undefined && atratus !== undefined;
  return {
    case: name,
    native: native === undefined ? null : median(native),
    atratus: atratus === undefined ? null : median(atratus),
    ratio: both ? median(atratus.map((time, round) => time / native[round]!)) : null,
    best: both ? Math.min(...atratus) / Math.min(...native) : null,
    target: target ?? null,
    limit: limit ?? null,
    note,
  };
}

/** The table, with a verdict for each case that has a target, and what steps cost. */
export function renderResults(results: readonly BenchResult[]): string[] {
  const costs = results.flatMap((row) => row.costs === undefined ? [] : [stepText(row.case, row.costs)]);
  return [...table(results), ...costs.length > 0 ? ["", "What a step costs:", ...costs] : []];
}

function table(results: readonly BenchResult[]): string[] {
  const right = (title: string) => ({ title, align: "right" as const });
  return textTable(
    [
      { title: "case" },
      ...["native", "atratus", "ratio", "best", "target"].map(right),
      { title: "" },
    ],
    results.map((row) => [
      row.case,
      time(row.native),
      time(row.atratus),
      ratioText(row.ratio),
      ratioText(row.best),
      row.limit === null ? `${row.target ?? "-"}` : `${Math.round(row.limit)} ms`,
      [verdict(row), row.note].filter((text) => text !== "").join(", "),
    ]),
  );
}

/** One line of progress. */
export function summary(row: BenchResult): string {
  const ratio = row.ratio === null ? row.note : row.ratio.toFixed(2);
  return `${row.case}: ${time(row.native)}, ${time(row.atratus)}, ${ratio}`;
}

function verdict({ atratus, ratio, target, limit }: BenchResult): string {
  if (limit !== null && atratus !== null) return atratus <= limit * 1e6 ? "ok" : "MISSED";
  if (ratio === null || target === null) return "";
  return ratio <= target ? "ok" : "MISSED";
}

function ratioText(ratio: number | null): string {
  return ratio === null ? "-" : ratio.toFixed(2);
}

function time(nanoseconds: number | null): string {
  if (nanoseconds === null) return "-";
  if (nanoseconds < 100_000) return `${nanoseconds.toFixed(0)} ns`;
  return `${(nanoseconds / 1e6).toFixed(2)} ms`;
}
