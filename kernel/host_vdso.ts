/** What the kernel's vDSO asks of the host's clock. `ntdll/clock.ts` implements it on Windows. */

/** Keeps vDSO data pages (loader/vdso/data.ts) in step with the HostClock that it is. */
export interface VdsoSource {
  /** Fills a data page, and renews it at every `refresh`. It is a page of the kernel's view of a section. */
  addPage(page: Uint8Array<ArrayBuffer>): void;
  /** Must be called before the page's memory is given back. */
  removePage(page: Uint8Array<ArrayBuffer>): void;
  /** Compares the clocks with the machine's and puts them right. To be called every `refreshInterval`. */
  refresh(): void;
  /** Milliseconds. A delay does no harm but a less exact realtime clock. */
  readonly refreshInterval: number;
}
