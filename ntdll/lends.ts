/** The word that tells a gate to look for what the kernel has lent its thread. */
import { u32 } from "../kernel/abi/layout.ts";
import { Channel, type LENDS_FILES, type LENDS_HEAP } from "../loader/x86/gate/channel.ts";

export function setLends(view: DataView, what: typeof LENDS_FILES | typeof LENDS_HEAP, on: boolean): void {
  const others = u32.read(view, Channel.offset.lends) & ~what;
  u32.write(view, Channel.offset.lends, on ? others | what : others);
}
