/** The report of `atratus inspect` as text. */
import type { TacticName } from "../../loader/x86/mod.ts";
import type { PartReport, ProgramReport, ScriptReport, SiteRow } from "./report.ts";
import { textTable } from "./text_table.ts";

/** Trapped sites listed; `--json` has all. */
const TRAPPED_SHOWN = 20;
const TACTICS: readonly TacticName[] = ["patch", "jump", "mov", "displace", "island", "trap"];

export function renderReport(report: ProgramReport | ScriptReport): string[] {
  if (report.kind === "script") {
    const argument = report.argument === undefined ? "" : `, with the argument "${report.argument}"`;
    return [`${report.file}: a script for ${report.interpreter}${argument}`];
  }
  return [
    `${report.file}: ${describe(report)}`,
    ...section("", textTable([{ title: "" }, { title: "" }], facts(report))),
    ...section("segments", parts(report.segments)),
    ...section("executable ranges", executable(report)),
    ...section(sitesTitle(report), sites(report.sites)),
    ...section("trapped sites", trapped(report)),
    ...section("what would not work", report.problems),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return [...(title === "" ? [] : ["", title]), ...lines.map((line) => `  ${line}`)];
}

function describe({ kind, abi, interpreter, type }: ProgramReport): string {
  const machine = abi === "i386" ? "i386" : "x86-64";
  if (kind === "shared library") return `an ELF shared library for ${machine}`;
  if (interpreter !== undefined) return `a dynamic ELF program for ${machine}`;
  return `a static ELF program for ${machine}${type === "dyn" ? " (position-independent)" : ""}`;
}

function facts(report: ProgramReport): [string, string][] {
  const { tls } = report;
  const all: [string, string | undefined][] = [
    ["type", report.type === "exec" ? "EXEC (fixed addresses)" : "DYN (position-independent)"],
    ["entry", report.entry === 0 ? "none" : hex(report.entry)],
    ["interpreter", report.interpreter ?? "none"],
    ["needed", report.needed.length === 0 ? "none" : report.needed.join(" ")],
    ["soname", report.soname],
    ["runpath", report.runpath],
    ["stack", report.executableStack ? "executable" : "not executable"],
    ["relro", report.relro],
    ["tls", tls ? `${tls.size} bytes, ${tls.fileSize} from the file, aligned to ${tls.alignment}` : "none"],
    ["functions", `${report.functions} known from .eh_frame`],
    ["code", `${report.instructions} instructions, ${report.trampolineBytes} bytes of trampolines`],
    ["rewriting", `${report.rewriteMs.toFixed(0)} ms`],
  ];
  return all.filter((row): row is [string, string] => row[1] !== undefined);
}

function parts(list: readonly PartReport[]): string[] {
  const right = (title: string) => ({ title, align: "right" as const });
  return textTable(
    [{ title: "name" }, right("address"), right("size"), right("offset"), right("in file"), {
      title: "rights",
    }],
    list.map((p) => [p.name, hex(p.address), hex(p.size), hex(p.fileOffset), hex(p.fileSize), p.rights]),
  );
}

/** Sections with code where the file tells, else segments. */
function executable({ sections, segments }: ProgramReport): string[] {
  const from = sections.length > 0 ? sections : segments;
  return textTable(
    [{ title: "" }, { title: "" }],
    from.filter(({ rights }) => rights.endsWith("x"))
      .map(({ name, address, size }) => [name, `${hex(address)}-${hex(address + size)}`]),
  );
}

function sitesTitle({ siteCount, trappedCount }: ProgramReport): string {
  return siteCount === 0 ? "sites" : `sites: ${siteCount}, trapped ${percent(trappedCount, siteCount)}`;
}

function sites(rows: readonly SiteRow[]): string[] {
  if (rows.length === 0) return ["none"];
  const numbers = (row: SiteRow) => [...TACTICS.map((tactic) => row.tactics[tactic]), row.total];
  const totals = rows.map(numbers).reduce((sum, row) => sum.map((value, i) => value + row[i]!));
  const line = (name: string, counts: readonly number[]) => {
    const [trap, total] = counts.slice(-2);
    return [name, ...counts.map(String), percent(trap!, total!)];
  };
  return textTable(
    [
      { title: "kind" },
      ...[...TACTICS, "total", "trapped"].map((title) => ({ title, align: "right" as const })),
    ],
    [...rows.map((row) => line(row.kind, numbers(row))), line("all", totals)],
  );
}

function trapped({ trapped }: ProgramReport): string[] {
  const shown = trapped.slice(0, TRAPPED_SHOWN).map(({ address, kind, bytes }) => [
    hex(address),
    kind,
    bytes.replace(/(..)(?!$)/g, "$1 "),
  ]);
  const lines = textTable([{ title: "" }, { title: "" }, { title: "" }], shown);
  const more = trapped.length - shown.length;
  return more > 0 ? [...lines, `and ${more} more (--json lists all)`] : lines;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "-" : `${(part * 100 / whole).toFixed(2)} %`;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
