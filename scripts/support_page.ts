/** Writes kernel/syscalls/SUPPORT.md from the tables of system calls: deno run -RW scripts/support_page.ts */
import { supportPage } from "../kernel/syscalls/support_page.ts";
import { i386 } from "../kernel/syscalls/table_i386.ts";
import { x86_64 } from "../kernel/syscalls/table_x86_64.ts";

const PAGE = new URL("../kernel/syscalls/SUPPORT.md", import.meta.url);

/** Whether the page says what the tables say. */
export function supportPageHolds(): boolean {
  try {
    return Deno.readTextFileSync(PAGE) === supportPage(x86_64, i386);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

if (import.meta.main) Deno.writeTextFileSync(PAGE, supportPage(x86_64, i386));
