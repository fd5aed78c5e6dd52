/**
 * What XSAVE's standard format holds on this machine, from the XSTATE_CONFIGURATION in KUSER_SHARED_DATA (ntddk.h),
 * which Windows shows to every process at the same address.
 */
import type { FloatFormat } from "../kernel/host.ts";
import { u32, u64big } from "../kernel/abi/layout.ts";
import { XSAVE_MASK } from "../loader/x86/gate/symbols.ts";

/** KUSER_SHARED_DATA.XState. */
const XSTATE_CONFIGURATION = 0x7ffe_03d8n;
/** Offsets in it: EnabledFeatures, and Features[64] of {Offset, Size}. */
const FEATURES_AT = 24;
const FEATURE_SIZE = 8;
const FEATURES = 8;
/** FXSAVE's area and the XSAVE header: what there is always. */
const MINIMUM = { size: 576, features: 3 };

export function floatFormat(): FloatFormat {
  const pointer = Deno.UnsafePointer.create(XSTATE_CONFIGURATION);
  if (pointer === null) return MINIMUM;
  const raw = new Uint8Array(FEATURES_AT + FEATURES * FEATURE_SIZE);
  Deno.UnsafePointerView.copyInto(pointer, raw);
  const view = new DataView(raw.buffer);
  const features = Number(u64big.read(view, 0) & BigInt(XSAVE_MASK)) | MINIMUM.features;
  let size = MINIMUM.size;
  for (let feature = 2; feature < FEATURES; feature++) {
    if ((features & 1 << feature) === 0) continue;
    const at = FEATURES_AT + feature * FEATURE_SIZE;
    size = Math.max(size, u32.read(view, at) + u32.read(view, at + 4));
  }
  return { size, features };
}
