/** The part of the iced-x86 package's interface (1.21) that the oracle tests use. */
export interface IcedMemory {
  readonly segment: number;
  readonly access: number;
}
export interface IcedInstruction {
  readonly isInvalid: boolean;
  readonly length: number;
  readonly code: number;
  readonly mnemonic: number;
  readonly flowControl: number;
  readonly segmentPrefix: number;
  readonly nearBranchTarget: bigint;
  readonly opCount: number;
  opKind(operand: number): number;
  opRegister(operand: number): number;
}
interface IcedDecoder {
  position: number;
  ip: bigint;
  decodeOut(instruction: IcedInstruction): void;
  free(): void;
}
interface IcedInfoFactory {
  info(instruction: IcedInstruction): { usedMemory(): IcedMemory[]; free(): void };
}
type Names = Readonly<Record<string, number>> & Readonly<Record<number, string>>;
export interface Iced {
  readonly Decoder: new (bitness: number, data: Uint8Array, options: number) => IcedDecoder;
  readonly Instruction: new () => IcedInstruction;
  readonly InstructionInfoFactory: new () => IcedInfoFactory;
  readonly Code: Names;
  readonly Mnemonic: Names;
  readonly Register: Names;
  readonly OpKind: Names;
  readonly OpAccess: Names;
  readonly FlowControl: Names;
}

/** Through a variable: type-checking `node:module` would take @types/node. */
const moduleName = "node:module";
const { createRequire }: { createRequire(from: string): (name: string) => Iced } = await import(moduleName);

export const iced: Iced = createRequire(import.meta.url)("iced-x86");
