/** struct termios as the kernel has it, and struct winsize (uapi/asm-generic/termbits.h, termios.h). */
import { bytes, struct, u16, u32, u8 } from "./layout.ts";

export const NCCS = 19;

export const termios = struct("termios", 36, {
  c_iflag: u32,
  c_oflag: u32,
  c_cflag: u32,
  c_lflag: u32,
  c_line: u8,
  c_cc: bytes(NCCS),
});

export const winsize = struct("winsize", 8, { ws_row: u16, ws_col: u16, ws_xpixel: u16, ws_ypixel: u16 });

export const ICRNL = 0o400;
export const IXON = 0o2000;
export const IUTF8 = 0o40000;
export const OPOST = 0o1;
export const ONLCR = 0o4;
export const B38400 = 0o17;
export const CS8 = 0o60;
export const CREAD = 0o200;
export const ISIG = 0o1;
export const ICANON = 0o2;
export const ECHO = 0o10;
export const ECHOE = 0o20;
export const ECHOK = 0o40;
export const ECHOCTL = 0o1000;
export const ECHOKE = 0o4000;
export const IEXTEN = 0o100000;

/** VINTR VQUIT VERASE VKILL VEOF VTIME VMIN VSWTC VSTART VSTOP VSUSP VEOL VREPRINT VDISCARD VWERASE VLNEXT VEOL2 */
export const INIT_C_CC: readonly number[] = [
  3,
  28,
  127,
  21,
  4,
  0,
  1,
  0,
  17,
  19,
  26,
  0,
  18,
  15,
  23,
  22,
  0,
  0,
  0,
];
