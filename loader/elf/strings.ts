/** String tables: NUL-terminated strings at offsets. */

/** The string at `offset`; empty beyond the table. */
export function stringAt(table: Uint8Array, offset: number): string {
  const end = table.indexOf(0, offset);
  return new TextDecoder().decode(table.subarray(offset, end < 0 ? table.length : end));
}
