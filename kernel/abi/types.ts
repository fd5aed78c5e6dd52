/** Branded numbers: C calls them all int or long, and mixing them up is a bug. */
declare const brand: unique symbol;

/** An address in the guest, as the guest gave it; only the doors in mm/user_memory.ts follow one. */
export type UserPtr = number & { readonly [brand]?: "UserPtr" };
/** A file descriptor number as the guest gave it, open or not. */
export type Fd = number & { readonly [brand]?: "Fd" };
export type Pid = number & { readonly [brand]?: "Pid" };
