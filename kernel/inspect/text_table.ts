/** Tables for people: columns as wide as their widest cell. */

export interface Column {
  readonly title: string;
  /** Numbers go to the right. */
  readonly align?: "left" | "right";
}

/** Lines without trailing blanks, the titles first unless none has one. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const titles = columns.map(({ title }) => title);
  const all = titles.every((title) => title === "") ? rows : [titles, ...rows];
  const widths = columns.map((_, i) => Math.max(0, ...all.map((row) => (row[i] ?? "").length)));
  return all.map((row) =>
    columns.map(({ align }, i) => {
      const cell = row[i] ?? "";
      return align === "right" ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!);
    }).join("  ").trimEnd()
  );
}
