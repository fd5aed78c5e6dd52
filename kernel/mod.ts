/** What whoever boots a kernel needs: main.ts loads it while Windows starts the first process. */
export { createEngine } from "./exec/engine.ts";
export { guestEnvironment } from "./exec/environment.ts";
export { startInit } from "./exec/init.ts";
export { searchPath } from "./exec/search_path.ts";
export { FdTable } from "./fs/fd_table.ts";
export { FsContext } from "./fs/fs_context.ts";
export { createNamespace } from "./fs/namespace.ts";
export { walk } from "./fs/path_walk.ts";
export { mountKernelFiles } from "./fs/proc/mod.ts";
export { openStandardFiles } from "./fs/standard_files.ts";
export { Kernel } from "./kernel.ts";
export { Tracer } from "./syscalls/trace.ts";
export { TraceSummary } from "./syscalls/trace_summary.ts";
export { LoadError } from "../loader/elf/mod.ts";
