/** The parts of AssemblyScript's language that the *.as.ts files use, for editors and `deno check`. */
type i32 = number;
type u32 = number;
type i64 = number;
type f64 = number;
declare function load<T>(pointer: number, offset?: number): number;
declare function store<T>(pointer: number, value: number): void;
/** Names of widths for load and store. */
declare class u8 {}
declare class u16 {}
declare class i8 {}
