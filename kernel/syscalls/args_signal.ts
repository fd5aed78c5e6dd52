/** Argument types of the calls about signals and timers. */
import { array, type Field, i32, u8 } from "../abi/layout.ts";
import { SIGEV_NONE, SIGEV_SIGNAL, SIGEV_THREAD, SIGEV_THREAD_ID, sigevent } from "../abi/signal.ts";
import { SIGINFO_SIZE } from "../abi/siginfo.ts";
import { itimerspec, itimerspec64 } from "../abi/time.ts";
import { signalName } from "../signal/numbers.ts";
import { decodeSigInfo } from "../signal/sig_info.ts";
import { argument, decimal, type ResultFormat, type TracedCall, valueAt } from "./args.ts";
import { enumText, hex, namesOf, signed } from "./format.ts";
import { fixed, inStruct, ofAbi, outStruct, structText } from "./format_struct.ts";
import { formatSigInfo } from "./trace_signal.ts";

const siginfo: Field<number[]> = array(u8, SIGINFO_SIZE);
const siginfoText = (raw: readonly number[], { task }: TracedCall) => {
  const bytes = Uint8Array.from(raw);
  return formatSigInfo(decodeSigInfo(i32.read(new DataView(bytes.buffer), 0), bytes, task.abi));
};
export const inSigInfo = inStruct("siginfo_t", fixed(siginfo), siginfoText);
export const outSigInfo = outStruct("siginfo_t", fixed(siginfo), siginfoText);

/** `10 (SIGUSR1)` */
export const signalResult: ResultFormat = (_call, value) => `${value} (${signalName(value)})`;

const notifications = namesOf({ SIGEV_NONE, SIGEV_SIGNAL, SIGEV_THREAD, SIGEV_THREAD_ID });
export const inSigevent = inStruct("struct sigevent", ofAbi(sigevent), (event) => {
  const { sigev_value, sigev_signo, sigev_notify, sigev_notify_thread_id } = event;
  const pointer = sigev_value === 0 ? "NULL" : hex(sigev_value);
  const fields = [
    `sigev_value={sival_int=${signed(sigev_value | 0)}, sival_ptr=${pointer}}`,
    `sigev_signo=${sigev_notify === SIGEV_NONE ? sigev_signo : signalName(sigev_signo)}`,
    `sigev_notify=${enumText(notifications, sigev_notify, "SIGEV")}`,
  ];
  if (sigev_notify === SIGEV_THREAD_ID) fields.push(`sigev_notify_thread_id=${sigev_notify_thread_id}`);
  return `{${fields.join(", ")}}`;
});

/** strace prints ids as numbers, with a base from 10 on. */
export const timerId = argument("timer_t", "int", (call, i) => {
  const id = valueAt(call, i);
  return id > 9 ? hex(id) : decimal(call, i);
});
export const outTimerId = outStruct("timer_t", fixed(i32), (id) => `[${id > 9 ? hex(id) : id}]`);

const plain = (value: object) => structText(value);
export const inItimerspec = inStruct("struct itimerspec", ofAbi(itimerspec), plain);
export const outItimerspec = outStruct("struct itimerspec", ofAbi(itimerspec), plain);
export const inItimerspec64 = inStruct("struct __kernel_itimerspec", fixed(itimerspec64), plain);
export const outItimerspec64 = outStruct("struct __kernel_itimerspec", fixed(itimerspec64), plain);
