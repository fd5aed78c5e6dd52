/** The instructions with a VEX, XOP or EVEX prefix (Intel SDM vol. 2, 2.3 and 2.7; AMD APM vol. 6 for XOP). */

/**
 * `encoding map pp W.L attributes : opcodes`.
 *
 * `W-` accepts both values of W; the digits behind `L` are the vector lengths. Attributes:
 * `m`, `r`, `rm`: ModRM names memory, a register, either; `none`: there is no ModRM; `/n`: ModRM.reg is an opcode
 * extension; `rm0`: ModRM.rm must be 0; `v`: vvvv is an operand (it must be 1111 otherwise); `ib`, `id`: an
 * immediate; `kreg`, `kv`, `tmm`: mask or tile registers, of which there are 8; `greg`: ModRM.reg is a general register; `vsib`, `sib`: a SIB byte is
 * required; `k`, `k!`: a write mask is allowed, required; `z`: zeroing, `zr`: but not into memory; `bcst`, `er`,
 * `sae`: the meanings of EVEX.b; `uniq`: all registers must differ; `uniqd`: the destination must differ from the
 * sources; `o64`: 64-bit mode only.
 */
export const VECTOR_FORMS = `
VEX 0F NP W-.L01 rm : 10 11 28 29 2E 2F 51 52 53 5A 5B
VEX 0F NP W-.L0 rm v : 12 16
VEX 0F NP W-.L0 m : 13 17
VEX 0F NP W-.L01 rm v : 14 15 54 55 56 57 58 59 5C 5D 5E 5F
VEX 0F NP W-.L01 m : 2B
VEX 0F NP W-.L1 r v kreg kv : 41 42 45 46 47 4A 4B
VEX 0F NP W-.L0 r kreg : 44 98 99
VEX 0F NP W-.L01 r : 50
VEX 0F NP W-.L01 none : 77
VEX 0F NP W-.L0 rm kreg : 90
VEX 0F NP W-.L0 m kreg : 91
VEX 0F NP W0.L0 r kreg : 92
VEX 0F NP W0.L0 r : 93
VEX 0F NP W-.L0 m /2 : AE
VEX 0F NP W-.L0 m /3 : AE
VEX 0F NP W-.L01 rm v ib : C2 C6
VEX 0F 66 W-.L01 rm : 10 11 28 29 2E 2F 51 5A 5B 6F 7F E6
VEX 0F 66 W-.L0 m v : 12 16
VEX 0F 66 W-.L0 m : 13 17
VEX 0F 66 W-.L01 rm v : 14 15 54 55 56 57 58 59 5C 5D 5E 5F 60 61 62 63 64 65 66 67 68 69 6A 6B 6C 6D 74
  75 76 7C 7D D0 D1 D2 D3 D4 D5 D8 D9 DA DB DC DD DE DF E0 E1 E2 E3 E4 E5 E8 E9 EA EB EC ED EE EF F1 F2
  F3 F4 F5 F6 F8 F9 FA FB FC FD FE
VEX 0F 66 W-.L01 m : 2B E7
VEX 0F 66 W-.L1 r v kreg kv : 41 42 45 46 47 4A
VEX 0F 66 W-.L0 r kreg : 44 98 99
VEX 0F 66 W0.L1 r v kreg kv : 4B
VEX 0F 66 W-.L01 r : 50 D7
VEX 0F 66 W-.L0 rm : 6E 7E D6
VEX 0F 66 W-.L01 rm ib : 70
VEX 0F 66 W-.L01 r /2 v ib : 71 72 73
VEX 0F 66 W-.L01 r /4 v ib : 71 72
VEX 0F 66 W-.L01 r /6 v ib : 71 72 73
VEX 0F 66 W-.L01 r /3 v ib : 73
VEX 0F 66 W-.L01 r /7 v ib : 73
VEX 0F 66 W-.L0 rm kreg : 90
VEX 0F 66 W-.L0 m kreg : 91
VEX 0F 66 W0.L0 r kreg : 92
VEX 0F 66 W0.L0 r : 93
VEX 0F 66 W-.L01 rm v ib : C2 C6
VEX 0F 66 W-.L0 rm v ib : C4
VEX 0F 66 W-.L0 r ib : C5
VEX 0F 66 W-.L0 r : F7
VEX 0F F3 W-.L01 r v : 10 11
VEX 0F F3 W-.L01 m : 10 11
VEX 0F F3 W-.L01 rm : 12 16 2C 2D 5B 6F 7F E6
VEX 0F F3 W-.L01 rm v : 2A 51 52 53 58 59 5A 5C 5D 5E 5F
VEX 0F F3 W-.L01 rm ib : 70
VEX 0F F3 W-.L0 rm : 7E
VEX 0F F3 W-.L01 rm v ib : C2
VEX 0F F2 W-.L01 r v : 10 11
VEX 0F F2 W-.L01 m : 10 11 F0
VEX 0F F2 W-.L01 rm : 12 2C 2D E6
VEX 0F F2 W-.L01 rm v : 2A 51 58 59 5A 5C 5D 5E 5F 7C 7D D0
VEX 0F F2 W-.L01 rm ib : 70
VEX 0F F2 W-.L0 r kreg : 92
VEX 0F F2 W-.L0 r : 93
VEX 0F F2 W-.L01 rm v ib : C2
VEX 0F38 NP W0.L0 m /0 o64 : 49
VEX 0F38 NP W0.L0 r /0 rm0 o64 : 49
VEX 0F38 NP W0.L01 rm v : 50 51 D2 D3
VEX 0F38 NP W0.L0 r v tmm uniq o64 : 5E 6C
VEX 0F38 NP W0.L01 m : B0
VEX 0F38 NP W0.L0 rm v : DA
VEX 0F38 NP W-.L0 rm v : F2 F5 F7
VEX 0F38 NP W-.L0 rm /1 v : F3
VEX 0F38 NP W-.L0 rm /2 v : F3
VEX 0F38 NP W-.L0 rm /3 v : F3
VEX 0F38 66 W-.L01 rm v : 00 01 02 03 04 05 06 07 08 09 0A 0B 28 29 2B 37 38 39 3A 3B 3C 3D 3E 3F 40 45
  47 96 97 98 99 9A 9B 9C 9D 9E 9F A6 A7 A8 A9 AA AB AC AD AE AF B6 B7 B8 B9 BA BB BC BD BE BF DC DD DE
  DF
VEX 0F38 66 W0.L01 rm v : 0C 0D 46 50 51 52 53 CF D2 D3
VEX 0F38 66 W0.L01 rm : 0E 0F 13 18 58 59 78 79
VEX 0F38 66 W0.L1 rm v : 16 36
VEX 0F38 66 W-.L01 rm : 17 1C 1D 1E 20 21 22 23 24 25 30 31 32 33 34 35
VEX 0F38 66 W0.L1 rm : 19
VEX 0F38 66 W0.L1 m : 1A 5A
VEX 0F38 66 W-.L01 m : 2A
VEX 0F38 66 W0.L01 m v : 2C 2D 2E 2F
VEX 0F38 66 W-.L0 rm : 41 DB
VEX 0F38 66 W0.L0 m /0 o64 : 49
VEX 0F38 66 W0.L0 m tmm sib o64 : 4B
VEX 0F38 66 W0.L0 r v tmm uniq o64 : 5E 6C
VEX 0F38 66 W-.L01 m v : 8C 8E
VEX 0F38 66 W-.L01 m v vsib uniq : 90 91 92 93
VEX 0F38 66 W0.L01 m : B0 B1
VEX 0F38 66 W1.L01 rm v : B4 B5
VEX 0F38 66 W0.L0 rm v : DA
VEX 0F38 66 W-.L0 m v o64 : E0 E1 E2 E3 E4 E5 E6 E7 E8 E9 EA EB EC ED EE EF
VEX 0F38 66 W-.L0 rm v : F7
VEX 0F38 F3 W0.L0 m tmm sib o64 : 4B
VEX 0F38 F3 W0.L01 rm v : 50 51 D2 D3 DA
VEX 0F38 F3 W0.L0 r v tmm uniq o64 : 5C 5E
VEX 0F38 F3 W0.L01 rm : 72
VEX 0F38 F3 W0.L01 m : B0 B1
VEX 0F38 F3 W-.L0 rm v : F5 F7
VEX 0F38 F2 W0.L0 r rm0 tmm o64 : 49
VEX 0F38 F2 W0.L0 m tmm sib o64 : 4B
VEX 0F38 F2 W0.L01 rm v : 50 51 DA
VEX 0F38 F2 W0.L0 r v tmm uniq o64 : 5C 5E
VEX 0F38 F2 W0.L01 m : B0
VEX 0F38 F2 W0.L1 r v : CB
VEX 0F38 F2 W0.L1 r : CC CD
VEX 0F38 F2 W-.L0 rm v : F5 F6 F7
VEX 0F3A 66 W1.L1 rm ib : 00 01
VEX 0F3A 66 W0.L01 rm v ib : 02 4A 4B 4C
VEX 0F3A 66 W0.L01 rm ib : 04 05 1D
VEX 0F3A 66 W0.L1 rm v ib : 06 18 38 46
VEX 0F3A 66 W-.L01 rm ib : 08 09
VEX 0F3A 66 W-.L01 rm v ib : 0A 0B 0C 0D 0E 0F 40 42 44 48 49 5C 5D 5E 5F 68 69 6A 6B 6C 6D 6E 6F 78 79
  7A 7B 7C 7D 7E 7F
VEX 0F3A 66 W-.L0 rm ib : 14 15 16 17 60 61 62 63 DF
VEX 0F3A 66 W0.L1 rm ib : 19 39
VEX 0F3A 66 W-.L0 rm v ib : 20 21 22 41
VEX 0F3A 66 W-.L0 r kreg ib : 30 31 32 33
VEX 0F3A 66 W1.L01 rm v ib : CE CF
VEX 0F3A 66 W0.L0 rm v ib : DE
VEX 0F3A F2 W-.L0 rm ib : F0
XOP XOP8 NP W0.L0 rm v ib : 85 86 87 8E 8F 95 96 97 9E 9F A6 B6 CC CD CE CF EC ED EE EF
XOP XOP8 NP W-.L01 rm v ib : A2
XOP XOP8 NP W-.L0 rm v ib : A3
XOP XOP8 NP W0.L0 rm ib : C0 C1 C2 C3
XOP XOP9 NP W-.L0 rm /1 v : 01 02
XOP XOP9 NP W-.L0 rm /2 v : 01
XOP XOP9 NP W-.L0 rm /3 v : 01
XOP XOP9 NP W-.L0 rm /4 v : 01
XOP XOP9 NP W-.L0 rm /5 v : 01
XOP XOP9 NP W-.L0 rm /6 v : 01 02
XOP XOP9 NP W-.L0 rm /7 v : 01
XOP XOP9 NP W-.L0 r /0 : 12
XOP XOP9 NP W-.L0 r /1 : 12
XOP XOP9 NP W0.L01 rm : 80 81
XOP XOP9 NP W0.L0 rm : 82 83 C1 C2 C3 C6 C7 CB D1 D2 D3 D6 D7 DB E1 E2 E3
XOP XOP9 NP W-.L0 rm v : 90 91 92 93 94 95 96 97 98 99 9A 9B
XOP XOPA NP W-.L0 rm id : 10
XOP XOPA NP W-.L0 rm /0 v id : 12
XOP XOPA NP W-.L0 rm /1 v id : 12
EVEX 0F NP W0.L012 rm k z : 10 28
EVEX 0F NP W0.L012 rm k z zr : 11 29
EVEX 0F NP W0.L0 rm v : 12 16
EVEX 0F NP W0.L0 m : 13 17
EVEX 0F NP W0.L012 rm v k z bcst : 14 15 54 55 56 57
EVEX 0F NP W0.L012 m : 2B
EVEX 0F NP W0.L012 rm sae : 2E 2F
EVEX 0F NP W0.L01 rm k z bcst : 51 5A
EVEX 0F NP W0.L2 rm k z bcst er : 51
EVEX 0F NP W0.L01 rm v k z bcst : 58 59 5C 5D 5E 5F
EVEX 0F NP W0.L2 rm v k z bcst er : 58 59 5C 5E
EVEX 0F NP W0.L2 rm k z bcst sae : 5A
EVEX 0F NP W-.L01 rm k z bcst : 5B 78 79
EVEX 0F NP W-.L2 rm k z bcst er : 5B 79
EVEX 0F NP W0.L2 rm v k z bcst sae : 5D 5F
EVEX 0F NP W-.L2 rm k z bcst sae : 78
EVEX 0F NP W0.L01 rm v kreg ib k bcst : C2
EVEX 0F NP W0.L2 rm v kreg ib k bcst sae : C2
EVEX 0F NP W0.L012 rm v ib k z bcst : C6
EVEX 0F 66 W1.L012 rm k z : 10 28
EVEX 0F 66 W1.L012 rm k z zr : 11 29
EVEX 0F 66 W1.L0 m v : 12 16
EVEX 0F 66 W1.L0 m : 13 17
EVEX 0F 66 W1.L012 rm v k z bcst : 14 15 54 55 56 57 6C 6D D4 F4 FB
EVEX 0F 66 W1.L012 m : 2B
EVEX 0F 66 W1.L012 rm sae : 2E 2F
EVEX 0F 66 W1.L01 rm k z bcst : 51 5A E6
EVEX 0F 66 W1.L2 rm k z bcst er : 51 5A
EVEX 0F 66 W1.L01 rm v k z bcst : 58 59 5C 5D 5E 5F
EVEX 0F 66 W1.L2 rm v k z bcst er : 58 59 5C 5E
EVEX 0F 66 W0.L01 rm k z bcst : 5B
EVEX 0F 66 W0.L2 rm k z bcst er : 5B
EVEX 0F 66 W1.L2 rm v k z bcst sae : 5D 5F
EVEX 0F 66 W-.L012 rm v k z : 60 61 63 67 68 69 D1 D5 D8 D9 DA DC DD DE E0 E1 E2 E3 E4 E5 E8 E9 EA EC ED
  EE F1 F5 F8 F9 FC FD
EVEX 0F 66 W0.L012 rm v k z bcst : 62 6A 6B FA FE
EVEX 0F 66 W-.L012 rm v kreg k : 64 65 74 75
EVEX 0F 66 W0.L012 rm v kreg k bcst : 66 76
EVEX 0F 66 W-.L0 rm : 6E 7E
EVEX 0F 66 W-.L012 rm k z : 6F
EVEX 0F 66 W0.L012 rm ib k z bcst : 70
EVEX 0F 66 W-.L012 rm /2 v ib k z : 71
EVEX 0F 66 W-.L012 rm /4 v ib k z : 71
EVEX 0F 66 W-.L012 rm /6 v ib k z : 71
EVEX 0F 66 W-.L012 rm /0 v ib k z bcst : 72
EVEX 0F 66 W-.L012 rm /1 v ib k z bcst : 72
EVEX 0F 66 W0.L012 rm /2 v ib k z bcst : 72
EVEX 0F 66 W-.L012 rm /4 v ib k z bcst : 72
EVEX 0F 66 W0.L012 rm /6 v ib k z bcst : 72
EVEX 0F 66 W1.L012 rm /2 v ib k z bcst : 73
EVEX 0F 66 W-.L012 rm /3 v ib : 73
EVEX 0F 66 W1.L012 rm /6 v ib k z bcst : 73
EVEX 0F 66 W-.L012 rm /7 v ib : 73
EVEX 0F 66 W-.L01 rm k z bcst : 78 79 7A 7B
EVEX 0F 66 W-.L2 rm k z bcst sae : 78 7A
EVEX 0F 66 W-.L2 rm k z bcst er : 79 7B
EVEX 0F 66 W-.L012 rm k z zr : 7F
EVEX 0F 66 W1.L01 rm v kreg ib k bcst : C2
EVEX 0F 66 W1.L2 rm v kreg ib k bcst sae : C2
EVEX 0F 66 W-.L0 rm v ib : C4
EVEX 0F 66 W-.L0 r greg ib : C5
EVEX 0F 66 W1.L012 rm v ib k z bcst : C6
EVEX 0F 66 W0.L012 rm v k z : D2 F2
EVEX 0F 66 W1.L012 rm v k z : D3 F3
EVEX 0F 66 W1.L0 rm : D6
EVEX 0F 66 W-.L012 rm v k z bcst : DB DF EB EF
EVEX 0F 66 W1.L2 rm k z bcst sae : E6
EVEX 0F 66 W0.L012 m : E7
EVEX 0F 66 W-.L012 rm v : F6
EVEX 0F F3 W0.L012 r v k z : 10 11
EVEX 0F F3 W0.L012 m k z : 10
EVEX 0F F3 W0.L012 m k : 11
EVEX 0F F3 W0.L012 rm k z : 12 16
EVEX 0F F3 W-.L012 rm v er : 2A 7B
EVEX 0F F3 W-.L012 rm greg sae : 2C 78
EVEX 0F F3 W-.L012 rm greg er : 2D 79
EVEX 0F F3 W0.L012 rm v k z er : 51 58 59 5C 5E
EVEX 0F F3 W0.L012 rm v k z sae : 5A 5D 5F
EVEX 0F F3 W0.L01 rm k z bcst : 5B
EVEX 0F F3 W0.L2 rm k z bcst sae : 5B
EVEX 0F F3 W-.L012 rm k z : 6F
EVEX 0F F3 W-.L012 rm ib k z : 70
EVEX 0F F3 W-.L01 rm k z bcst : 7A E6
EVEX 0F F3 W-.L2 rm k z bcst er : 7A E6
EVEX 0F F3 W1.L0 rm : 7E
EVEX 0F F3 W-.L012 rm k z zr : 7F
EVEX 0F F3 W0.L012 rm v kreg ib k sae : C2
EVEX 0F F2 W1.L012 r v k z : 10 11
EVEX 0F F2 W1.L012 m k z : 10
EVEX 0F F2 W1.L012 m k : 11
EVEX 0F F2 W1.L012 rm k z : 12
EVEX 0F F2 W-.L012 rm v er : 2A 7B
EVEX 0F F2 W-.L012 rm greg sae : 2C 78
EVEX 0F F2 W-.L012 rm greg er : 2D 79
EVEX 0F F2 W1.L012 rm v k z er : 51 58 59 5A 5C 5E
EVEX 0F F2 W1.L012 rm v k z sae : 5D 5F
EVEX 0F F2 W-.L012 rm k z : 6F
EVEX 0F F2 W-.L012 rm ib k z : 70
EVEX 0F F2 W-.L01 rm k z bcst : 7A
EVEX 0F F2 W-.L2 rm k z bcst er : 7A
EVEX 0F F2 W-.L012 rm k z zr : 7F
EVEX 0F F2 W1.L012 rm v kreg ib k sae : C2
EVEX 0F F2 W1.L01 rm k z bcst : E6
EVEX 0F F2 W1.L2 rm k z bcst er : E6
EVEX 0F38 66 W-.L012 rm v k z : 00 04 0B 38 3A 3C 3E 4D 4F 66 75 7D 8D
EVEX 0F38 66 W0.L012 rm v k z bcst : 0C 2B 50 51 52 53
EVEX 0F38 66 W1.L012 rm v k z bcst : 0D 28 83 B4 B5
EVEX 0F38 66 W1.L012 rm v k z : 10 11 12 70 72
EVEX 0F38 66 W0.L01 rm k z : 13
EVEX 0F38 66 W0.L2 rm k z sae : 13
EVEX 0F38 66 W-.L012 rm v k z bcst : 14 15 39 3B 3D 3F 40 45 46 47 64 65 71 73 76 77 7E 7F
EVEX 0F38 66 W-.L12 rm v k z bcst : 16 36
EVEX 0F38 66 W0.L012 rm k z : 18 25 35 58 78 79
EVEX 0F38 66 W-.L12 rm k z : 19
EVEX 0F38 66 W-.L12 m k z : 1A 5A
EVEX 0F38 66 W-.L2 m k z : 1B 5B
EVEX 0F38 66 W-.L012 rm k z : 1C 1D 20 21 22 23 24 30 31 32 33 34 54 59 62 88 89
EVEX 0F38 66 W0.L012 rm k z bcst : 1E
EVEX 0F38 66 W1.L012 rm k z bcst : 1F
EVEX 0F38 66 W-.L012 rm v kreg k : 26
EVEX 0F38 66 W-.L012 rm v kreg k bcst : 27
EVEX 0F38 66 W1.L012 rm v kreg k bcst : 29 37
EVEX 0F38 66 W0.L012 m : 2A
EVEX 0F38 66 W-.L01 rm v k z bcst : 2C 96 97 98 9A 9C 9E A6 A7 A8 AA AC AE B6 B7 B8 BA BC BE
EVEX 0F38 66 W-.L2 rm v k z bcst er : 2C 96 97 98 9A 9C 9E A6 A7 A8 AA AC AE B6 B7 B8 BA BC BE
EVEX 0F38 66 W-.L012 rm v k z er : 2D 99 9B 9D 9F A9 AB AD AF B9 BB BD BF
EVEX 0F38 66 W-.L01 rm k z bcst : 42
EVEX 0F38 66 W-.L2 rm k z bcst sae : 42 C8 CA CC
EVEX 0F38 66 W-.L012 rm v k z sae : 43 CB CD
EVEX 0F38 66 W-.L012 rm k z bcst : 44 4C 4E 55 C4
EVEX 0F38 66 W-.L012 rm k z zr : 63 8A 8B
EVEX 0F38 66 W0.L012 r k z : 7A 7B
EVEX 0F38 66 W-.L012 r k z : 7C
EVEX 0F38 66 W0.L012 rm v kreg k : 8F
EVEX 0F38 66 W-.L012 m vsib k! uniq : 90 91 92 93
EVEX 0F38 66 W-.L012 m vsib k! : A0 A1 A2 A3
EVEX 0F38 66 W-.L2 m /1 vsib k! : C6 C7
EVEX 0F38 66 W-.L2 m /2 vsib k! : C6 C7
EVEX 0F38 66 W-.L2 m /5 vsib k! : C6 C7
EVEX 0F38 66 W-.L2 m /6 vsib k! : C6 C7
EVEX 0F38 66 W0.L012 rm v k z : CF
EVEX 0F38 66 W-.L012 rm v : DC DD DE DF
EVEX 0F38 F3 W0.L012 rm k z zr : 10 11 12 13 14 15 20 21 22 23 24 25 30 31 32 33 34 35
EVEX 0F38 F3 W-.L012 rm v kreg k : 26
EVEX 0F38 F3 W-.L012 rm v kreg k bcst : 27
EVEX 0F38 F3 W-.L012 r : 28 38
EVEX 0F38 F3 W-.L012 r kreg : 29 39
EVEX 0F38 F3 W1.L012 r : 2A
EVEX 0F38 F3 W0.L012 r : 3A
EVEX 0F38 F3 W0.L012 rm v k z bcst : 52
EVEX 0F38 F3 W0.L012 rm k z bcst : 72
EVEX 0F38 F2 W0.L2 m v k z : 52 53 9A AA
EVEX 0F38 F2 W-.L012 rm v kreg bcst : 68
EVEX 0F38 F2 W0.L012 rm v k z bcst : 72
EVEX 0F38 F2 W0.L012 m v k z : 9B AB
EVEX 0F3A NP W0.L01 rm ib k z bcst : 08 26 56
EVEX 0F3A NP W0.L2 rm ib k z bcst sae : 08 26 56
EVEX 0F3A NP W0.L012 rm v ib k z sae : 0A 27 57
EVEX 0F3A NP W0.L012 rm kreg ib k bcst : 66
EVEX 0F3A NP W0.L012 rm kreg ib k : 67
EVEX 0F3A NP W0.L01 rm v kreg ib k bcst : C2
EVEX 0F3A NP W0.L2 rm v kreg ib k bcst sae : C2
EVEX 0F3A 66 W1.L12 rm ib k z bcst : 00 01
EVEX 0F3A 66 W-.L012 rm v ib k z bcst : 03 25 71 73
EVEX 0F3A 66 W0.L012 rm ib k z bcst : 04
EVEX 0F3A 66 W1.L012 rm ib k z bcst : 05
EVEX 0F3A 66 W0.L01 rm ib k z bcst : 08
EVEX 0F3A 66 W0.L2 rm ib k z bcst sae : 08
EVEX 0F3A 66 W1.L01 rm ib k z bcst : 09
EVEX 0F3A 66 W1.L2 rm ib k z bcst sae : 09
EVEX 0F3A 66 W0.L012 rm v ib k z sae : 0A
EVEX 0F3A 66 W1.L012 rm v ib k z sae : 0B
EVEX 0F3A 66 W-.L012 rm v ib k z : 0F
EVEX 0F3A 66 W-.L0 rm ib : 14 15 16 17
EVEX 0F3A 66 W-.L12 rm v ib k z : 18 38
EVEX 0F3A 66 W-.L12 rm ib k z zr : 19 39
EVEX 0F3A 66 W-.L2 rm v ib k z : 1A 3A
EVEX 0F3A 66 W-.L2 rm ib k z zr : 1B 3B
EVEX 0F3A 66 W0.L01 rm ib k z zr : 1D
EVEX 0F3A 66 W0.L2 rm ib k z sae zr : 1D
EVEX 0F3A 66 W-.L012 rm v kreg ib k bcst : 1E 1F
EVEX 0F3A 66 W-.L0 rm v ib : 20 22
EVEX 0F3A 66 W0.L0 rm v ib : 21
EVEX 0F3A 66 W-.L12 rm v ib k z bcst : 23 43
EVEX 0F3A 66 W-.L01 rm ib k z bcst : 26 56
EVEX 0F3A 66 W-.L2 rm ib k z bcst sae : 26 56
EVEX 0F3A 66 W-.L012 rm v ib k z sae : 27 51 55 57
EVEX 0F3A 66 W-.L012 rm v kreg ib k : 3E 3F
EVEX 0F3A 66 W0.L012 rm v ib k z : 42
EVEX 0F3A 66 W-.L012 rm v ib : 44
EVEX 0F3A 66 W-.L01 rm v ib k z bcst : 50 54
EVEX 0F3A 66 W-.L2 rm v ib k z bcst sae : 50 54
EVEX 0F3A 66 W-.L012 rm kreg ib k bcst : 66
EVEX 0F3A 66 W-.L012 rm kreg ib k : 67
EVEX 0F3A 66 W1.L012 rm v ib k z : 70 72
EVEX 0F3A 66 W1.L012 rm v ib k z bcst : CE CF
EVEX 0F3A F3 W0.L012 rm v kreg ib k sae : C2
EVEX MAP5 NP W0.L012 rm v k z er : 1D
EVEX MAP5 NP W0.L012 rm sae : 2E 2F
EVEX MAP5 NP W0.L01 rm k z bcst : 51 5A 78 79 7C 7D
EVEX MAP5 NP W0.L2 rm k z bcst er : 51 79 7D
EVEX MAP5 NP W0.L01 rm v k z bcst : 58 59 5C 5D 5E 5F
EVEX MAP5 NP W0.L2 rm v k z bcst er : 58 59 5C 5E
EVEX MAP5 NP W0.L2 rm k z bcst sae : 5A 78 7C
EVEX MAP5 NP W-.L01 rm k z bcst : 5B
EVEX MAP5 NP W-.L2 rm k z bcst er : 5B
EVEX MAP5 NP W0.L2 rm v k z bcst sae : 5D 5F
EVEX MAP5 66 W0.L01 rm k z bcst : 1D 5B 78 79 7A 7B 7C 7D
EVEX MAP5 66 W0.L2 rm k z bcst er : 1D 5B 79 7B 7D
EVEX MAP5 66 W1.L01 rm k z bcst : 5A
EVEX MAP5 66 W1.L2 rm k z bcst er : 5A
EVEX MAP5 66 W-.L0 rm : 6E 7E
EVEX MAP5 66 W0.L2 rm k z bcst sae : 78 7A 7C
EVEX MAP5 F3 W0.L012 m k z : 10
EVEX MAP5 F3 W0.L012 r v k z : 10 11
EVEX MAP5 F3 W0.L012 m k : 11
EVEX MAP5 F3 W-.L012 rm v er : 2A 7B
EVEX MAP5 F3 W-.L012 rm greg sae : 2C 78
EVEX MAP5 F3 W-.L012 rm greg er : 2D 79
EVEX MAP5 F3 W0.L012 rm v k z er : 51 58 59 5C 5E
EVEX MAP5 F3 W0.L012 rm v k z sae : 5A 5D 5F
EVEX MAP5 F3 W0.L01 rm k z bcst : 5B 7D
EVEX MAP5 F3 W0.L2 rm k z bcst sae : 5B
EVEX MAP5 F3 W0.L2 rm k z bcst er : 7D
EVEX MAP5 F2 W1.L012 rm v k z er : 5A
EVEX MAP5 F2 W-.L01 rm k z bcst : 7A
EVEX MAP5 F2 W-.L2 rm k z bcst er : 7A
EVEX MAP5 F2 W0.L01 rm k z bcst : 7D
EVEX MAP5 F2 W0.L2 rm k z bcst er : 7D
EVEX MAP6 NP W0.L012 rm v k z sae : 13
EVEX MAP6 66 W0.L01 rm k z bcst : 13 42
EVEX MAP6 66 W0.L2 rm k z bcst sae : 13 42
EVEX MAP6 66 W0.L01 rm v k z bcst : 2C 96 97 98 9A 9C 9E A6 A7 A8 AA AC AE B6 B7 B8 BA BC BE
EVEX MAP6 66 W0.L2 rm v k z bcst er : 2C 96 97 98 9A 9C 9E A6 A7 A8 AA AC AE B6 B7 B8 BA BC BE
EVEX MAP6 66 W0.L012 rm v k z er : 2D 99 9B 9D 9F A9 AB AD AF B9 BB BD BF
EVEX MAP6 66 W0.L012 rm v k z sae : 43
EVEX MAP6 66 W0.L012 rm k z bcst : 4C 4E
EVEX MAP6 66 W0.L012 rm v k z : 4D 4F
EVEX MAP6 F3 W0.L01 rm v k z bcst uniqd : 56 D6
EVEX MAP6 F3 W0.L2 rm v k z bcst er uniqd : 56 D6
EVEX MAP6 F3 W0.L012 rm v k z er uniqd : 57 D7
EVEX MAP6 F2 W0.L01 rm v k z bcst uniqd : 56 D6
EVEX MAP6 F2 W0.L2 rm v k z bcst er uniqd : 56 D6
EVEX MAP6 F2 W0.L012 rm v k z er uniqd : 57 D7
`;
