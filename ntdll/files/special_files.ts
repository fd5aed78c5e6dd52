/**
 * Making what Windows has no kind of file for: with WSL's reparse point where the volume takes it, else as Cygwin's
 * system file.
 */
import { EOPNOTSUPP, Errno } from "../../kernel/abi/errno.ts";
import { errnoOf, STATUS_SUCCESS } from "../ntstatus.ts";
import {
  DELETE,
  FILE_ATTRIBUTE_SYSTEM,
  FILE_CREATE,
  FILE_GENERIC_WRITE,
  FILE_NON_DIRECTORY_FILE,
  FILE_OPEN_REPARSE_POINT,
  FSCTL_SET_REPARSE_POINT,
} from "./constants.ts";
import { encodeCygwinLink, encodeLxFifo, encodeLxLink, encodeSystemFifo } from "./link_formats.ts";
import { removeOpened } from "./naming.ts";
import type { Prefix } from "./native_path.ts";
import type { NtCalls } from "./nt_calls.ts";

type Data = Uint8Array<ArrayBuffer>;

export class SpecialFiles {
  readonly #calls: NtCalls;
  readonly #prefix: Prefix;
  /** False once the volume refused WSL's reparse points. */
  #takesReparsePoints = true;

  constructor(calls: NtCalls, prefix: Prefix) {
    this.#calls = calls;
    this.#prefix = prefix;
  }

  symlink(path: string, target: string): 0 | Errno {
    return this.#make(path, () => encodeLxLink(target), () => encodeCygwinLink(target));
  }

  fifo(path: string): 0 | Errno {
    return this.#make(path, encodeLxFifo, encodeSystemFifo);
  }

  #make(path: string, reparse: () => Data, content: () => Data): 0 | Errno {
    return this.#takesReparsePoints
      ? this.#reparsePoint(path, reparse(), content)
      : this.#systemFile(path, content());
  }

  #reparsePoint(path: string, data: Data, otherwise: () => Data): 0 | Errno {
    const handle = this.#calls.open(
      this.#prefix,
      path,
      FILE_GENERIC_WRITE | DELETE,
      FILE_NON_DIRECTORY_FILE | FILE_OPEN_REPARSE_POINT,
      FILE_CREATE,
    );
    if (handle instanceof Errno) return handle;
    const result = this.#calls.control(handle, FSCTL_SET_REPARSE_POINT, data, null);
    if (result === STATUS_SUCCESS) {
      this.#calls.close(handle);
      return 0;
    }
    removeOpened(this.#calls, handle);
    this.#calls.close(handle);
    if (errnoOf(result) !== EOPNOTSUPP) return errnoOf(result);
    this.#takesReparsePoints = false;
    return this.#systemFile(path, otherwise());
  }

  #systemFile(path: string, content: Data): 0 | Errno {
    const handle = this.#calls.open(
      this.#prefix,
      path,
      FILE_GENERIC_WRITE,
      FILE_NON_DIRECTORY_FILE,
      FILE_CREATE,
      FILE_ATTRIBUTE_SYSTEM,
    );
    if (handle instanceof Errno) return handle;
    const written = this.#calls.write(handle, content, 0);
    this.#calls.close(handle);
    return written instanceof Errno ? written : 0;
  }
}
