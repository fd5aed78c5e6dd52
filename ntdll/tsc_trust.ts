/**
 * Whether Windows itself tells the time from the time stamp counter. KUSER_SHARED_DATA (ntddk.h; mapped read-only at
 * the same place in every process) says so in QpcBypassEnabled: QueryPerformanceCounter then reads the TSC without a
 * system call, after Windows has found the processors' counters in step. It may be off on old machines, and with
 * `bcdedit /set useplatformclock`.
 */
import type { ClockCalls } from "./clock_symbols.ts";

const KUSER_SHARED_DATA = 0x7ffe0000n;
const QPC_BYPASS_ENABLED = 0x3c6;
const SHARED_USER_DATA_QPC_BYPASS_ENABLED = 1;

export function windowsTrustsTsc(calls: ClockCalls): boolean {
  // Wine leaves the field 0, and has the host's word for it: Linux reads the TSC unless it found it wanting.
  if (calls.addresses.wine_get_version !== null) return true;
  const shared = Deno.UnsafePointer.create(KUSER_SHARED_DATA);
  if (shared === null) return false;
  const enabled = new Deno.UnsafePointerView(shared).getUint8(QPC_BYPASS_ENABLED);
  return (enabled & SHARED_USER_DATA_QPC_BYPASS_ENABLED) !== 0;
}
