/** Constants of winnt.h, ntstatus.h and ntpsapi.h under their Windows names. */

export const STATUS_SUCCESS = 0;
export const STATUS_TIMEOUT = 0x102;
export const STATUS_PROCESS_IN_JOB = 0x124;
export const STATUS_PENDING = 0x103;
export const STATUS_NO_MEMORY = 0xc0000017;
export const STATUS_UNSUCCESSFUL = 0xc0000001;
export const STATUS_THREAD_IS_TERMINATING = 0xc000004b;
export const STATUS_PROCESS_IS_TERMINATING = 0xc000010a;
export const STATUS_CONFLICTING_ADDRESSES = 0xc0000018;
export const STATUS_COMMITMENT_LIMIT = 0xc000012d;
export const STATUS_INSUFFICIENT_RESOURCES = 0xc000009a;

export const STATUS_DATATYPE_MISALIGNMENT = 0x80000002;
export const STATUS_BREAKPOINT = 0x80000003;
export const STATUS_SINGLE_STEP = 0x80000004;
export const STATUS_WX86_SINGLE_STEP = 0x4000001e;
export const STATUS_WX86_BREAKPOINT = 0x4000001f;
export const STATUS_ACCESS_VIOLATION = 0xc0000005;
export const STATUS_IN_PAGE_ERROR = 0xc0000006;
export const STATUS_ILLEGAL_INSTRUCTION = 0xc000001d;
export const STATUS_ARRAY_BOUNDS_EXCEEDED = 0xc000008c;
export const STATUS_FLOAT_DENORMAL_OPERAND = 0xc000008d;
export const STATUS_FLOAT_STACK_CHECK = 0xc0000092;
export const STATUS_INTEGER_DIVIDE_BY_ZERO = 0xc0000094;
export const STATUS_INTEGER_OVERFLOW = 0xc0000095;
export const STATUS_PRIVILEGED_INSTRUCTION = 0xc0000096;
export const STATUS_STACK_OVERFLOW = 0xc00000fd;
export const STATUS_FLOAT_MULTIPLE_FAULTS = 0xc00002b4;
export const STATUS_FLOAT_MULTIPLE_TRAPS = 0xc00002b5;
export const STATUS_GUARD_PAGE_VIOLATION = 0x80000001;

export const DBG_CONTINUE = 0x00010002;

export const PAGE_NOACCESS = 0x01;
export const PAGE_READONLY = 0x02;
export const PAGE_READWRITE = 0x04;
export const PAGE_EXECUTE_READ = 0x20;
export const PAGE_EXECUTE_READWRITE = 0x40;

export const MEM_RESERVE = 0x2000;
export const MEM_FREE = 0x10000;
export const MEM_RELEASE = 0x8000;
export const MEM_PRESERVE_PLACEHOLDER = 0x2;
export const MEM_REPLACE_PLACEHOLDER = 0x4000;
export const MEM_RESERVE_PLACEHOLDER = 0x40000;

export const SECTION_ALL_ACCESS = 0xf001f;
export const SEC_COMMIT = 0x8000000;

export const THREAD_ALL_ACCESS = 0x1fffff;
export const THREAD_CREATE_FLAGS_SKIP_THREAD_ATTACH = 0x2;
export const ThreadBasicInformation = 0;

export const EVENT_ALL_ACCESS = 0x1f0003;
export const NotificationEvent = 0;
export const SynchronizationEvent = 1;
export const WaitAny = 1;

export const DEBUG_ALL_ACCESS = 0x1f000f;
export const DEBUG_KILL_ON_CLOSE = 1;

export const JOB_OBJECT_ALL_ACCESS = 0x1f001f;
export const JobObjectExtendedLimitInformation = 9;
export const JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE = 0x2000;

export const CREATE_SUSPENDED = 0x4;
export const CREATE_NO_WINDOW = 0x08000000;

export const DUPLICATE_SAME_ACCESS = 2;

/** Pseudo handle of the calling process, as an unsigned 64-bit value. */
export const NtCurrentProcess = 0xffffffffffffffffn;
