/** The page that tells users which system calls there are: both tables as one Markdown document, by name. */
import type { CompiledTable, Row, Support } from "./table.ts";

interface Entry {
  readonly row: Row;
  x86_64?: number;
  i386?: number;
}

/** Rows of both tables that say the same are one entry. */
function entriesOf(wide: CompiledTable, narrow: CompiledTable): Entry[] {
  const entries = new Map<string, Entry>();
  const add = (table: CompiledTable, abi: "x86_64" | "i386") => {
    table.rows.forEach((row, number) => {
      if (row === undefined) return;
      const key = [row.name, row.support, row.note].join("\0");
      const entry = entries.get(key) ?? { row };
      entry[abi] ??= number;
      entries.set(key, entry);
    });
  };
  add(wide, "x86_64");
  add(narrow, "i386");
  return [...entries.values()].sort((a, b) => a.row.name < b.row.name ? -1 : a.row.name > b.row.name ? 1 : 0);
}

const MEANING: Readonly<Record<Support, string>> = {
  full: "does what Linux documents",
  partial: "does part of it; the note says which, or what is missing",
  absent: "only fails, as on a Linux that was built without it",
};

export function supportPage(wide: CompiledTable, narrow: CompiledTable): string {
  const entries = entriesOf(wide, narrow);
  const summary = (Object.keys(MEANING) as Support[]).map((support) =>
    `- **${support}** (${entries.filter(({ row }) => row.support === support).length}): ${MEANING[support]}`
  );
  const rows = entries.map(({ row, x86_64, i386 }) =>
    `| ${row.name} | ${x86_64 ?? ""} | ${i386 ?? ""} | ${row.support} | ${row.note.replaceAll("|", "\\|")} |`
  );
  return [
    "# System calls",
    "",
    "Made by `deno run -RW scripts/support_page.ts` from the tables in this folder; not to be edited. A call that is not",
    "listed gives ENOSYS. `atratus --trace=summary PROG` tells which ones a program makes.",
    "",
    ...summary,
    "",
    "| call | x86-64 | i386 | support | note |",
    "|---|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}
