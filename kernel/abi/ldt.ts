import { struct, u32 } from "./layout.ts";

/** struct user_desc (asm/ldt.h); the bit-fields are one word here. */
export const UserDesc = struct("user_desc", 16, {
  entry_number: u32,
  base_addr: u32,
  limit: u32,
  flags: u32,
});
