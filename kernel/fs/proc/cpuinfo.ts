/** /proc/cpuinfo, from CPUID (Intel SDM 2A, "CPUID"; AMD APM 3, appendix E). Names: Linux's cpufeatures.h. */
import type { HostSystem } from "../../host_system.ts";

/** EAX, EBX, ECX, EDX. */
type Words = readonly [number, number, number, number];

/** Leaf, subleaf, register (0 for EAX) and the names of its bits from 0 on; "-" for those without a name. */
const FEATURES: readonly (readonly [number, number, number, string])[] = [
  [
    1,
    0,
    3,
    "fpu vme de pse tsc msr pae mce cx8 apic - sep mtrr pge mca cmov pat pse36 pn clflush - dts acpi mmx fxsr sse sse2 ss ht tm ia64 pbe",
  ],
  [
    0x8000_0001,
    0,
    3,
    "- - - - - - - - - - - syscall - - - - - - - mp nx - mmxext - - fxsr_opt pdpe1gb rdtscp - lm 3dnowext 3dnow",
  ],
  [
    1,
    0,
    2,
    "pni pclmulqdq dtes64 monitor ds_cpl vmx smx est tm2 ssse3 cid sdbg fma cx16 xtpr pdcm - pcid dca sse4_1 sse4_2 x2apic movbe popcnt tsc_deadline_timer aes xsave - avx f16c rdrand hypervisor",
  ],
  [
    0x8000_0001,
    0,
    2,
    "lahf_lm cmp_legacy svm extapic cr8_legacy abm sse4a misalignsse 3dnowprefetch osvw ibs xop skinit wdt - lwp fma4 tce - nodeid_msr - tbm topoext perfctr_core perfctr_nb - bpext ptsc perfctr_llc mwaitx",
  ],
  [
    7,
    0,
    1,
    "- tsc_adjust sgx bmi1 hle avx2 - smep bmi2 erms invpcid rtm cqm - mpx rdt_a avx512f avx512dq rdseed adx smap avx512ifma - clflushopt clwb intel_pt avx512pf avx512er avx512cd sha_ni avx512bw avx512vl",
  ],
  [0xd, 1, 0, "xsaveopt xsavec xgetbv1 xsaves"],
  [0x8000_0008, 0, 1, "clzero irperf xsaveerptr"],
  [
    7,
    0,
    2,
    "- avx512vbmi umip pku - waitpkg avx512_vbmi2 - gfni vaes vpclmulqdq avx512_vnni avx512_bitalg tme avx512_vpopcntdq - la57 - - - - - rdpid - - cldemote - movdiri movdir64b",
  ],
  [7, 0, 3, "- - - - fsrm"],
];

/** CPUID(1).edx where the machine cannot be asked: what HWCAP says. */
const FALLBACK: Words = [0, 0, 0, 0x178bfbff];

export function cpuinfoText(system: HostSystem): string {
  const ask = (leaf: number, subleaf = 0): Words =>
    system.cpuid?.(leaf, subleaf) ?? (leaf === 1 ? FALLBACK : [0, 0, 0, 0]);
  const [highest, b, c, d] = ask(0);
  const extended = ask(0x8000_0000)[0];
  const known = (leaf: number) => leaf >= 0x8000_0000 ? leaf <= extended : leaf <= Math.max(highest, 1);
  const [signature, brand] = ask(1);
  const flags = FEATURES.filter(([leaf]) => known(leaf)).flatMap(([leaf, subleaf, register, names]) => {
    const bits = ask(leaf, subleaf)[register] ?? 0;
    return names.split(" ").filter((name, bit) => name !== "-" && (bits >>> bit & 1) !== 0);
  }).filter((name) => !UNOFFERED.has(name));
  const model = known(0x8000_0004) ? [2, 3, 4].map((n) => text(...ask(0x8000_0000 + n))).join("") : "";
  const sizes = known(0x8000_0008) ? ask(0x8000_0008)[0] : 0x3024;
  const { processors } = system;
  const rows: readonly (readonly [string, string | number])[] = [
    ["vendor_id\t", text(b, d, c) || "unknown"],
    ["cpu family\t", familyOf(signature)],
    ["model\t\t", modelOf(signature)],
    ["model name\t", model.trim() || "unknown"],
    ["stepping\t", signature & 15],
    ["physical id\t", 0],
    ["siblings\t", processors],
    ["core id\t\t", "#"],
    ["cpu cores\t", processors],
    ["apicid\t\t", "#"],
    ["initial apicid\t", "#"],
    ["fpu\t\t", "yes"],
    ["fpu_exception\t", "yes"],
    ["cpuid level\t", highest],
    ["wp\t\t", "yes"],
    ["flags\t\t", flags.join(" ")],
    ["bugs\t\t", ""],
    ["clflush size\t", ((brand >>> 8) & 255) * 8 || 64],
    ["cache_alignment\t", ((brand >>> 8) & 255) * 8 || 64],
    ["address sizes\t", `${sizes & 255} bits physical, ${sizes >>> 8 & 255} bits virtual`],
    ["power management", ""],
  ];
  const one = (processor: number) =>
    `processor\t: ${processor}\n` +
    rows.map(([name, value]) => `${name}: ${value === "#" ? processor : value}\n`).join("") + "\n";
  return Array.from({ length: processors }, (_, processor) => one(processor)).join("");
}

/** What the processor has and a guest may not use: its segment bases are not its own. */
const UNOFFERED = new Set(["fsgsbase"]);

function text(...words: readonly number[]): string {
  const bytes = new Uint8Array(Uint32Array.from(words).buffer);
  return new TextDecoder().decode(bytes).replace(/\0.*$/s, "");
}

function familyOf(signature: number): number {
  const family = signature >>> 8 & 15;
  return family === 15 ? family + (signature >>> 20 & 255) : family;
}

function modelOf(signature: number): number {
  const family = signature >>> 8 & 15;
  const extended = family === 6 || family === 15 ? (signature >>> 16 & 15) << 4 : 0;
  return extended + (signature >>> 4 & 15);
}
