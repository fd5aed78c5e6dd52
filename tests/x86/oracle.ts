/** What iced-x86 says about an instruction, in our own words. */
import { Kind, type Mode } from "../../loader/x86/mod.ts";
import { NOT_A_SITE, SiteKind } from "../../loader/x86/sweep.ts";
import { iced, type IcedInstruction } from "./iced.ts";

const { Code, FlowControl, Mnemonic, OpAccess, OpKind, Register } = iced;
const infoFactory = new iced.InstructionInfoFactory();

const LOOPS = new Set(["Loop", "Loope", "Loopne", "Jcxz", "Jecxz", "Jrcxz"].map((name) => Mnemonic[name]));
const BASES = new Set(
  ["Rdfsbase", "Wrfsbase", "Rdgsbase", "Wrgsbase", "Swapgs"].map((name) => Mnemonic[name]),
);
const SELECTORS = new Set(["Mov", "Push", "Pop", "Lfs", "Lgs"].map((name) => Mnemonic[name]));

/** A direct branch to a near target, as opposed to a far one. */
function isNear(instruction: IcedInstruction): boolean {
  const kind = instruction.opKind(0);
  return kind === OpKind["NearBranch16"] || kind === OpKind["NearBranch32"] ||
    kind === OpKind["NearBranch64"];
}

function isFar(instruction: IcedInstruction): boolean {
  return /^(Jmp|Call)(_m16|_ptr16)/.test(Code[instruction.code]!);
}

/** The kinds the flow of control depends on; undefined for all others. */
export function flowKind(instruction: IcedInstruction): Kind | undefined {
  const { mnemonic, code } = instruction;
  // Deliberate difference: skinit starts a secure loader and needs ring 0; to a user program it is a fault.
  if (mnemonic === Mnemonic["Skinit"]) return undefined;
  switch (instruction.flowControl) {
    case FlowControl["Next"]:
      return mnemonic === Mnemonic["Hlt"] ? Kind.stop : undefined;
    case FlowControl["UnconditionalBranch"]:
      return isNear(instruction) ? Kind.jump : Kind.far;
    case FlowControl["IndirectBranch"]:
      return isFar(instruction) ? Kind.far : Kind.jumpIndirect;
    case FlowControl["ConditionalBranch"]:
      return LOOPS.has(mnemonic) ? Kind.loop : Kind.branch;
    case FlowControl["Return"]:
      return Kind.ret;
    case FlowControl["Call"]:
      if (code === Code["Syscall"]) return Kind.syscall;
      if (code === Code["Sysenter"]) return Kind.sysenter;
      if (!isNear(instruction) && !isFar(instruction)) return undefined; // vmcall and kin
      return isNear(instruction) ? Kind.call : Kind.far;
    case FlowControl["IndirectCall"]:
      return isFar(instruction) ? Kind.far : Kind.callIndirect;
    case FlowControl["Interrupt"]:
      return undefined; // int n: compared by value
    case FlowControl["XbeginXabortXend"]:
      return mnemonic === Mnemonic["Xbegin"] ? Kind.transaction : undefined;
    default:
      return mnemonic === Mnemonic["Ud0"] || mnemonic === Mnemonic["Ud1"] || mnemonic === Mnemonic["Ud2"]
        ? Kind.stop
        : undefined;
  }
}

/** The SiteKind by iced; `bytes` is the instruction. */
export function icedSite(mode: Mode, instruction: IcedInstruction, bytes: Uint8Array): number {
  const { code, mnemonic } = instruction;
  if (code === Code["Syscall"]) return SiteKind.syscall;
  if (code === Code["Sysenter"]) return SiteKind.sysenter;
  if (code === Code["Int_imm8"]) return bytes[bytes.length - 1] === 0x80 ? SiteKind.int80 : NOT_A_SITE;
  if (BASES.has(mnemonic)) return SiteKind.segmentBase;
  if (SELECTORS.has(mnemonic)) {
    if (mnemonic === Mnemonic["Lfs"] || mnemonic === Mnemonic["Lgs"]) return SiteKind.segmentRegister;
    for (let i = 0; i < instruction.opCount; i++) {
      if (instruction.opKind(i) !== OpKind["Register"]) continue;
      const register = instruction.opRegister(i);
      if (register === Register["FS"] || register === Register["GS"]) return SiteKind.segmentRegister;
    }
  }
  if (instruction.segmentPrefix === Register["None"]) return NOT_A_SITE;
  const info = infoFactory.info(instruction);
  let site: number = NOT_A_SITE;
  for (const memory of info.usedMemory()) {
    if (memory.access === OpAccess["None"] || memory.access === OpAccess["NoMemAccess"]) continue;
    const tls = Register[mode === 64 ? "FS" : "GS"], host = Register[mode === 64 ? "GS" : "FS"];
    if (memory.segment === tls) site = SiteKind.tls;
    else if (memory.segment === host) site = SiteKind.hostSegment;
  }
  info.free();
  return site;
}
