/** struct sysinfo (uapi/linux/sysinfo.h): 112 bytes, on i386 64. Sizes are in units of `mem_unit` bytes. */
import { type Abi, perAbi } from "./abi.ts";
import { array, pad, struct, u16, u32 } from "./layout.ts";

/** Fixed point of the load averages: 16 fraction bits (SI_LOAD_SHIFT). */
export const SI_LOAD_SHIFT = 16;

export const sysinfo = perAbi((abi: Abi) =>
  struct("sysinfo", abi.bits === 64 ? 112 : 64, {
    uptime: abi.long,
    loads: array(abi.ulong, 3),
    totalram: abi.ulong,
    freeram: abi.ulong,
    sharedram: abi.ulong,
    bufferram: abi.ulong,
    totalswap: abi.ulong,
    freeswap: abi.ulong,
    procs: u16,
    _pad: pad(abi.bits === 64 ? 6 : 2),
    totalhigh: abi.ulong,
    freehigh: abi.ulong,
    mem_unit: u32,
    _f: pad(abi.bits === 64 ? 4 : 8),
  })
);
