/** What follows when a guest's instruction touches what the processor does not let it. */
import { type Fault, PAGE_SIZE, PROT_EXEC, PROT_READ, PROT_WRITE, type Range } from "../host.ts";
import type { AddressSpace } from "./address_space.ts";
import { sealCode } from "./live_code.ts";
import { TRAMPOLINES } from "./vma.ts";

/** The guest's own instruction at `at` touched `address` and faulted. True when it may try again. */
export function handleFault(
  mm: AddressSpace,
  address: number,
  access: Fault["access"],
  at: number,
): boolean {
  const area = mm.vmas.find(address);
  if (area === undefined) return mm.stack.grow(address) !== undefined;
  const needed = access === "execute" ? PROT_EXEC : access === "write" ? PROT_WRITE : PROT_READ;
  if ((area.prot & needed) === 0 || area.name === TRAMPOLINES) return false;
  if (area.backing === undefined) return mm.populate(area) === undefined;
  if (access === "execute") return sealCode(mm, address, at);
  if (access !== "write" || (area.prot & PROT_EXEC) === 0) return false;
  const page = address - address % PAGE_SIZE;
  const codes = mm.code.overlapping(page, page + PAGE_SIZE);
  if (codes.length === 0) return false;
  if (codes.some(({ start, end }) => at >= start && at < end)) mm.code.keepApart(at - at % PAGE_SIZE);
  return mm.open(page, page + PAGE_SIZE) === undefined;
}

/** Whether the page with `address` was swept. */
export function holdsCode(mm: AddressSpace, address: number): boolean {
  const page = address - address % PAGE_SIZE;
  return mm.code.overlapping(page, page + PAGE_SIZE).length > 0;
}

/** Gives the pages of an instruction of up to `size` bytes their own contents; undefined when there is no memory. */
export function openAround(mm: AddressSpace, at: number, size: number): Range | undefined {
  const start = at - at % PAGE_SIZE, last = at + size - 1;
  const end = last - last % PAGE_SIZE + PAGE_SIZE;
  return mm.open(start, end) === undefined ? { start, end } : undefined;
}

/** Lets the processor write to and execute what the guest may, until `enforce`: only for what was looked at. */
export function unlock(mm: AddressSpace, { start, end }: Range): void {
  for (const area of mm.vmas.overlapping(start, end)) {
    if (area.backing === undefined) continue;
    const from = Math.max(start, area.start), to = Math.min(end, area.end);
    mm.container.protect(from, to - from, area.prot);
  }
}
