/** What `atratus inspect` tells about a program file, as data. */
import {
  bytesSource,
  type ElfImage,
  type ElfSegment,
  loadedSections,
  LoadError,
  parseShebang,
  readDynamic,
  readElf,
} from "../../loader/elf/mod.ts";
import type { SiteKindName, TacticName } from "../../loader/x86/mod.ts";
import type { Engine } from "../exec/engine.ts";
import { protOf, rewriteImage, type RewrittenImage } from "../exec/rewrite_image.ts";
import { PROT_EXEC, PROT_READ, PROT_WRITE } from "../host.ts";
import { problemsOf } from "./problems.ts";
import { type NamedCall, namedCalls, sitesOf } from "./named_calls.ts";

/** A site that no tactic could patch: each time it is reached, the kernel emulates one instruction. */
export interface TrappedSite {
  readonly address: number;
  readonly kind: SiteKindName;
  readonly bytes: string;
}

export interface SiteRow {
  readonly kind: SiteKindName;
  readonly tactics: Readonly<Record<TacticName, number>>;
  readonly total: number;
}

export interface PartReport {
  readonly name: string;
  readonly address: number;
  /** Bytes in memory. */
  readonly size: number;
  readonly fileOffset: number;
  readonly fileSize: number;
  /** As "r-x". */
  readonly rights: string;
}

export interface ProgramReport {
  readonly file: string;
  readonly kind: "program" | "shared library";
  readonly abi: "i386" | "x86_64";
  readonly type: "exec" | "dyn";
  readonly entry: number;
  readonly interpreter: string | undefined;
  readonly needed: readonly string[];
  readonly soname: string | undefined;
  readonly runpath: string | undefined;
  readonly segments: readonly PartReport[];
  /** Empty when the file has no section headers. */
  readonly sections: readonly PartReport[];
  readonly executableStack: boolean;
  readonly relro: "none" | "partial" | "full";
  readonly tls: { readonly size: number; readonly fileSize: number; readonly alignment: number } | undefined;
  /** Functions whose bounds .eh_frame tells. */
  readonly functions: number;
  readonly instructions: number;
  readonly trampolineBytes: number;
  readonly rewriteMs: number;
  readonly sites: readonly SiteRow[];
  readonly siteCount: number;
  readonly trappedCount: number;
  readonly trapped: readonly TrappedSite[];
  readonly calls: readonly NamedCall[];
  /** Clauses: what would not work, or slowly. */
  readonly problems: readonly string[];
}

export interface ScriptReport {
  readonly file: string;
  readonly kind: "script";
  readonly interpreter: string;
  readonly argument: string | undefined;
}

/** Looks at the bytes of a file; a LoadError as `atratus FILE` would give. */
export function inspectBytes(
  file: string,
  bytes: Uint8Array,
  engine: Engine,
): ProgramReport | ScriptReport | LoadError {
  const shebang = parseShebang(bytes);
  if (shebang !== undefined) {
    const text = (part: Uint8Array | undefined) => part && new TextDecoder().decode(part);
    const interpreter = text(shebang.interpreter) ?? "";
    return { file, kind: "script", interpreter, argument: text(shebang.argument) };
  }
  const source = bytesSource(bytes);
  const image = readElf(source, "any");
  if (image instanceof LoadError) return image;
  const started = performance.now();
  const code = rewriteImage(engine, image, source);
  const rewriteMs = performance.now() - started;
  const dynamic = readDynamic(image, source);
  const sites = siteRows(code);
  const trapped = trappedSites(code);
  const calls = namedCalls(image.bits, code.segments);
  const siteCount = sites.reduce((sum, row) => sum + row.total, 0);
  return {
    file,
    kind: image.entry === 0 ? "shared library" : "program",
    abi: image.bits === 64 ? "x86_64" : "i386",
    type: image.type,
    entry: image.entry,
    interpreter: image.interpreter,
    needed: dynamic?.needed ?? [],
    soname: dynamic?.soname,
    runpath: dynamic?.runpath,
    segments: image.segments.map((segment) => segmentReport(image, segment)),
    sections: loadedSections(image, source).map((section) => ({
      name: section.name,
      address: section.address,
      size: section.size,
      fileOffset: section.offset,
      fileSize: section.size,
      rights: rights(true, section.writable, section.executable),
    })),
    executableStack: image.executableStack ?? image.readImpliesExec,
    relro: image.relro === undefined ? "none" : dynamic?.bindNow === false ? "partial" : "full",
    tls: image.tls && { size: image.tls.size, fileSize: image.tls.fileSize, alignment: image.tls.alignment },
    functions: code.functions.length,
    instructions: code.segments.reduce((sum, { rewritten }) => sum + rewritten.stats.instructions, 0),
    trampolineBytes: code.segments.reduce((sum, { rewritten }) => sum + rewritten.trampolineBytes.length, 0),
    rewriteMs,
    sites,
    siteCount,
    trappedCount: trapped.length,
    trapped,
    calls,
    problems: problemsOf({ image, dynamic, calls, siteCount, trappedCount: trapped.length }),
  };
}

function segmentReport(image: ElfImage, segment: ElfSegment): PartReport {
  const prot = protOf(image, segment);
  return {
    name: `LOAD ${segment.index}`,
    address: segment.address,
    size: segment.memorySize,
    fileOffset: segment.fileOffset,
    fileSize: segment.fileSize,
    rights: rights((prot & PROT_READ) !== 0, (prot & PROT_WRITE) !== 0, (prot & PROT_EXEC) !== 0),
  };
}

function rights(read: boolean, write: boolean, execute: boolean): string {
  return (read ? "r" : "-") + (write ? "w" : "-") + (execute ? "x" : "-");
}

/** Kinds that the program has sites of. */
function siteRows({ segments }: RewrittenImage): SiteRow[] {
  const rows = new Map<SiteKindName, Record<TacticName, number>>();
  for (const { rewritten } of segments) {
    for (const { kind, tactic } of sitesOf(rewritten)) {
      const row = rows.get(kind) ?? { patch: 0, jump: 0, mov: 0, displace: 0, island: 0, trap: 0 };
      row[tactic]++;
      rows.set(kind, row);
    }
  }
  const sum = (row: Record<TacticName, number>) => Object.values(row).reduce((a, b) => a + b, 0);
  return [...rows].map(([kind, tactics]) => ({ kind, tactics, total: sum(tactics) }))
    .sort((a, b) => b.total - a.total);
}

function trappedSites({ segments }: RewrittenImage): TrappedSite[] {
  return segments.flatMap(({ rewritten }) =>
    sitesOf(rewritten).filter(({ tactic }) => tactic === "trap")
      .map(({ address, kind, original }) => ({ address, kind, bytes: original.toHex() }))
  );
}
