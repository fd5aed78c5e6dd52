/** Which forms of the legacy-encoded opcodes exist (Intel SDM vol. 2, appendix A; AMD APM vol. 3, appendix A). */

/**
 * The operand layout of the one-byte map, 16 opcodes a line (SDM table A-2).
 *
 * `.` nothing follows, `M` ModRM, `b` imm8, `w` imm16, `z` imm16/32, `v` imm16/32/64, `e` enter's imm16+imm8,
 * `f` far pointer, `o` moffs, `j` rel8, `J` rel16/32, `Mb`, `Mz`: ModRM and an immediate; `Mg`, `MG`: group 3,
 * whose immediate exists for /0 and /1 only. `P` is a prefix or an escape, handled before the table is asked.
 */
export const ONE_BYTE_LAYOUT = `
M M M M b z . . M M M M b z . P
M M M M b z . . M M M M b z . .
M M M M b z P . M M M M b z P .
M M M M b z P . M M M M b z P .
. . . . . . . . . . . . . . . .
. . . . . . . . . . . . . . . .
. . M M P P P P z Mz b Mb . . . .
j j j j j j j j j j j j j j j j
Mb Mz Mb Mb M M M M M M M M M M M M
. . . . . . . . . . f . . . . .
o o o o . . . . b z . . . . . .
b b b b b b b b v v v v v v v v
Mb Mb w . M M Mb Mz e . w . . b . .
M M M M b b . . M M M M M M M M
j j j j b b b b J J f j . . . .
P . P P . . Mg MG . . . . . . M M
`;

/** The same for the map behind 0F (SDM table A-3); `x` is extrq and insertq, whose two imm8 depend on the prefix. */
export const TWO_BYTE_LAYOUT = `
M M M M . . . . . . . . . M . Mb
M M M M M M M M M M M M M M M M
M M M M M M M M M M M M M M M M
. . . . . . . . P . P . . . . .
M M M M M M M M M M M M M M M M
M M M M M M M M M M M M M M M M
M M M M M M M M M M M M M M M M
Mb Mb Mb Mb M M M . x M M M M M M M
J J J J J J J J J J J J J J J J
M M M M M M M M M M M M M M M M
. . . M Mb M M M . . . M Mb M M M
M M M M M M M M M M Mb M M M M M
M M Mb M Mb Mb Mb M . . . . . . . .
M M M M M M M M M M M M M M M M
M M M M M M M M M M M M M M M M
M M M M M M M M M M M M M M M M
`;

/** 3DNow! operations: the suffix byte of `0F 0F /r ib` (AMD APM vol. 3, table A-14). */
export const THREE_DNOW_SUFFIXES = "0C 0D 1C 1D 8A 8E 90 94 96 97 9A 9E A0 A4 A6 A7 AA AE B0 B4 B6 B7 BB BF";

/**
 * The forms that exist, for opcodes where not all do: `map [mode] (prefix forms)... : opcodes`.
 *
 * The prefix is the mandatory one, `NP`, `66`, `F3`, `F2`, or `*` for any. Forms are `memory/register`: the
 * values of ModRM.reg which exist with a memory operand and with a register; `(7.14)` narrows /7 to ModRM.rm 1
 * and 4. Unlisted opcodes of the maps 1 and 0F exist in all forms; of 0F38 and 0F3A in none.
 */
export const LEGACY_FORMS = `
1 64 invalid : 06 07 0E 16 17 1E 1F 27 2F 37 3F 60 61 82 9A CE D4 D5 D6 EA
1 * 012345/012345 : 8C
1 * all/- : 8D
1 * 02345/02345 : 8E
1 * 0/0 : 8F
1 * 0/0(7.0) : C6 C7
1 * 0234567/01(2.0)3(4.0145)(5.0123456)67 : D9
1 * all/0123(5.1) : DA
1 * 012357/0123(4.01234)56 : DB
1 * 0123467/012345 : DD
1 * all/012(3.1)4567 : DE
1 * all/0123(4.0)56 : DF
1 * 01/01 : FE
1 * 0123456/01246 : FF
0F 32 * 012345/012345 : 00
0F 64 NP 012345/012345  66 012345/012345  F3 012345/012345  F2 0123456/0123456 : 00
0F 32 NP 0123467/(0.0123456)(1.01237)(2.014567)34(5.067)6(7.1234567)  66 0123467/(1.4)346(7.14)  F3
  all/34(5.02)6(7.124)  F2 0123467/34(5.01)6(7.147) : 01
0F 64 NP 0123467/0(1.01237)(2.014567)34(5.067)67  66 0123467/(1.4567)346(7.014)  F3
  all/(0.6)(1.2)34(5.024567)6(7.0124567)  F2 0123467/(0.6)(1.2)34(5.01)6(7.01467) : 01
0F invalid : 04 0A 0C 24 25 26 27 36 39 3B 3C 3D 3E 3F 7A 7B
0F NP all/all  66 all/-  F3 all/all  F2 all/all : 12
0F NP all/-  66 all/- : 13 17 E7
0F NP all/all  66 all/all : 14 15 28 29 2E 2F 54 55 56 57 60 61 62 63 64 65 66 67 68 69 6A 6B 6E 74 75
  76 C4 C6 D1 D2 D3 D4 D5 D8 D9 DA DB DC DD DE DF E0 E1 E2 E3 E4 E5 E8 E9 EA EB EC ED EE EF F1 F2 F3 F4
  F5 F6 F8 F9 FA FB FC FD FE
0F NP all/all  66 all/-  F3 all/all : 16
0F * all/- : 2B B2 B4 B5
0F NP all/all : 37 77
0F NP -/all  66 -/all : 50 C5 D7 F7
0F NP all/all  F3 all/all : 52 53
0F NP all/all  66 all/all  F3 all/all : 5B 6F 7E 7F
0F 66 all/all : 6C 6D
0F NP -/246  66 -/246 : 71 72
0F NP -/26  66 -/2367 : 73
0F NP all/all  66 -/0  F2 -/all : 78
0F NP all/all  66 -/all  F2 -/all : 79
0F 66 all/all  F2 all/all : 7C 7D D0
0F 32 F3 -/all : A6
0F 64 F3 -/1234567 : A6
0F NP -/0  66 -/0  F3 -/all  F2 -/0 : A7
0F 32 NP all/567  66 67/6  F3 46/456  F2 -/6 : AE
0F 64 NP all/567  66 67/6  F3 46/0123456  F2 -/6 : AE
0F F3 all/all : B8
0F * 4567/4567 : BA
0F NP all/- : C3
0F 32 NP 134567/67  66 16/67  F3 16/7  F2 1/- : C7
0F 64 NP 134567/67  66 16/67  F3 16/67  F2 1/- : C7
0F 66 all/all  F3 -/all  F2 -/all : D6
0F 66 all/all  F3 all/all  F2 all/all : E6
0F F2 all/- : F0
0F38 NP all/all  66 all/all : 00 01 02 03 04 05 06 07 08 09 0A 0B 1C 1D 1E
0F38 66 all/all : 10 14 15 17 20 21 22 23 24 25 28 29 2B 30 31 32 33 34 35 37 38 39 3A 3B 3C 3D 3E 3F 40
  41 CF DB
0F38 66 all/- : 2A 80 81 82 F5
0F38 NP all/all : C8 C9 CA CB CC CD
0F38 F3 0123/- : D8
0F38 66 all/all  F3 all/all : DC
0F38 66 all/all  F3 all/- : DD DE DF
0F38 NP all/-  66 all/-  F2 all/all : F0 F1
0F38 NP all/-  66 all/all  F3 all/all : F6
0F38 66 all/-  F3 all/-  F2 all/- : F8
0F38 NP all/- : F9
0F38 F3 -/all : FA FB
0F38 * all/- : FC
0F3A 66 all/all : 08 09 0A 0B 0C 0D 0E 14 15 16 17 20 21 22 40 41 42 44 60 61 62 63 CE CF DF
0F3A NP all/all  66 all/all : 0F
0F3A NP all/all : CC
0F3A F3 -/(0.0) : F0
`;

/** Opcodes that accept LOCK, with a memory operand only (SDM vol. 2, "LOCK"): `map opcode /reg...`. */
export const LOCKABLE = `
1 00 01 08 09 10 11 18 19 20 21 28 29 30 31 86 87 : 01234567
1 80 81 82 83 : 0123456
1 F6 F7 : 23
1 FE FF : 01
0F AB B0 B1 B3 BB C0 C1 : 01234567
0F BA : 567
0F C7 : 1
`;
