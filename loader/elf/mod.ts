/** Reading programs: ELF files of both ABIs, and the first line of scripts. Pure: bytes in, a plan out. */
export { codeRanges } from "./code_ranges.ts";
export { type DynamicInfo, readDynamic } from "./dynamic.ts";
export { type AddressRange, type ElfImage, type ElfTls, readElf } from "./image.ts";
export { LoadError } from "./load_error.ts";
export { type ElfSection, loadedSections } from "./sections.ts";
export { type ElfSegment, MMAP_MIN_ADDR, TASK_SIZE } from "./segments.ts";
export { BINPRM_BUF_SIZE, parseShebang, type Shebang } from "./shebang.ts";
export { bytesSource, type ElfSource, type ImageSource } from "./source.ts";
