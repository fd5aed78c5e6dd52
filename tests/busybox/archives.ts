/** Compressed files and archives, as other programs than busybox made them. */

function bytes(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromBase64(base64);
}

function unpacked(gzip: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Response(new Blob([gzip]).stream().pipeThrough(new DecompressionStream("gzip"))).bytes();
}

/** 60 lines, by gzip. */
export const GZIP = bytes(
  "H4sIAAAAAAACA23Tu21DMRBFwVxVsATtT7YLeoIECHbyApVvODQ46YnugNzX8/tY1/VzX+fjWOfxPi+vvxR7yj3VnnpPs6fb" +
    "nj729LmnL0zVfOwPAAKCACFgCCACigAj4Eg4Uu8AR8KRcCQcCUfCkXAkHAVHwVH6UHAUHAVHwVFwFBwFR8PRcDQcrcuAo+Fo" +
    "OBqOhqPhGDgGjoFj4BidOBwDx8AxcMx/xy9rlzbLpgQAAA==",
);

/** The same by bzip2. */
export const BZIP2 = bytes(
  "QlpoOTFBWSZTWSsJyQMAAYFZgAAQQAB/4ANlhEAwAKMGVGfqqaf+qUaACgaaGRkxBFSH6oAaMj7JbeZLbybbdOOrrt354XdV" +
    "V6K4VVFXKq5VUVcYxjUlt8SW3xrWtayAGZYG4GJYBgN5YAZNpYABbAAAAkkklKSSWBXwFagrcFaArcFbArcFeAV+BWgCtQV/" +
    "F3JFOFCQKwnJAw==",
);

/** The same by xz. */
export const XZ = bytes(
  "/Td6WFoAAATm1rRGAgAhAQwAAACPmEGc4ASlAH1dADYaSh8IoCYDTQad+LKKIkUYs3IS1S1x+hgwFH4zWWQJYb5haKO/8unG" +
    "vP+zxXSxzvM50HwQQZp6g/2YblqTj0b10E0pwo5vDc1t0Vw7Kr7//Lj04b4tfT1IR6fUrdwgWw6B8sEsspZ+9GgpG1TwTIzw" +
    "PtSb2MIgS+TS0KEAAAAAAHYWWwyQ4QveAAGZAaYJAACwx42jscRn+wIAAAAABFla",
);

/** The same as .lzma. */
export const LZMA = bytes(
  "XQAABAD//////////wA2GkofCKAmA00GnfiyiiJFGLNyEtUtcfoYMBR+M1lkCWG+YWijv/Lpxrz/s8V0sc7zOdB8EEGaeoP9" +
    "mG5ak49G9dBNKcKObw3NbdFcOyq+//y49OG+LX09SEen1K3cIFsOgfLBLLKWfvRoKRtU8EyM8D7Um9jCIEvlCToMf//qE0wA",
);

/** dir/ with two files, an empty one, a hard and a symbolic link, by tar and gzip. */
const TAR_GZIP = bytes(
  "H4sIAAAAAAACA+3WTQ6DIBQEYNY9hU0PwI8POI9VG0ktNYiL3r7UXU26aYKaON8GQ0hcTAZe4wJnmYnEaj2vyXKdvyVpm06R" +
    "NZ99oy2xQrMVTGOsQvolO6Ym5X9zfZs7f0P0O3+5zN+S0qwQyD+7+ulj6+OJwWH7P9bBDXHD+1+q7/7LtGXR/zVczvzqPB87" +
    "3ACH7X/v/H3T9385/0lRijT/qdyDCfo/599VodlX/lKQYoVcYzhF/rx9DPG1p/yFNVTi/QcAAAAAAAAAAAAAAPjHG8oRWEMA" +
    "KAAA",
);

/** Two files and a folder, by zip. */
export const ZIP = bytes(
  "UEsDBBQAAAAIAFxkXVgAAAAAAgAAAAAAAAACAAAAei8DAFBLAwQUAAAACABcZF1Ya5c2y6AAAACmBAAABQAAAHovb25lbdO7" +
    "bUMxEEXBXFWwBO1Ptgt6ggQIdvIClW84NDjpie6A3Nfz+1jX9XNf5+NY5/E+L6+/FHvKPdWeek+zp9uePvb0uacvTNV87A8A" +
    "AoIAIWAIIAKKACPgSDhS7wBHwpFwJBwJR8KRcCQcBUfBUfpQcBQcBUfBUXAUHAVHw9FwNByty4Cj4Wg4Go6Go+EYOAaOgWPg" +
    "GJ04HAPHwDFwzH/HL1BLAwQUAAAACABcZF1YdAgXlgYAAAAEAAAABwAAAHR3by50eHQrKc/nAgBQSwECFAMUAAAACABcZF1Y" +
    "AAAAAAIAAAAAAAAAAgAAAAAAAAAAABAA7UEAAAAAei9QSwECFAMUAAAACABcZF1Ya5c2y6AAAACmBAAABQAAAAAAAAAAAAAA" +
    "pAEiAAAAei9vbmVQSwECFAMUAAAACABcZF1YdAgXlgYAAAAEAAAABwAAAAAAAAAAAAAApAHlAAAAdHdvLnR4dFBLBQYAAAAA" +
    "AwADAJgAAAAQAQAAAAA=",
);

/** The same without compression: to unpack the other, tar needs a second process. */
export const TAR = await unpacked(TAR_GZIP);
