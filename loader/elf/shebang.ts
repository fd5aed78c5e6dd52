/** The first line of a script (execve(2) "Interpreter scripts", fs/binfmt_script.c:load_script). */

/** Linux looks at this much of a file; a longer line loses the end of its argument. */
export const BINPRM_BUF_SIZE = 256;

export interface Shebang {
  /** Path of the interpreter; when it is empty, execve fails with ENOENT. */
  readonly interpreter: Uint8Array;
  /** The rest of the line as one argument, if there is any. */
  readonly argument: Uint8Array | undefined;
}

const NEWLINE = 0x0a;
const isBlank = (byte: number | undefined) => byte === 0x20 || byte === 0x09;

/**
 * Parses the beginning of a file, of which only the first BINPRM_BUF_SIZE bytes count. Undefined when it is not a
 * script, names no interpreter, or the interpreter's path is cut off: execve then fails with ENOEXEC.
 */
export function parseShebang(bytes: Uint8Array): Shebang | undefined {
  if (bytes[0] !== 0x23 || bytes[1] !== 0x21) return undefined;
  const line = new Uint8Array(BINPRM_BUF_SIZE); // NULs after a short file, as in Linux's buffer
  line.set(bytes.subarray(0, BINPRM_BUF_SIZE));
  const skipBlanks = (at: number) => {
    while (at < line.length && isBlank(line[at])) at++;
    return at;
  };
  const skipWord = (at: number, limit: number) => {
    while (at < limit && !isBlank(line[at]) && line[at] !== 0) at++;
    return at;
  };

  const nul = line.indexOf(0);
  let end = line.subarray(0, nul < 0 ? line.length : nul).indexOf(NEWLINE);
  const start = skipBlanks(2);
  if (end < 0) {
    end = line.length - 1; // the last byte is never part of the line
    if (start > end || skipWord(start, line.length) === line.length) return undefined;
  }
  while (end > 2 && isBlank(line[end - 1])) end--;
  if (start >= end) return undefined;

  const wordEnd = skipWord(start, end);
  const interpreter = line.slice(start, wordEnd);
  if (wordEnd === end || line[wordEnd] === 0) return { interpreter, argument: undefined };
  // A NUL ends the argument. Blanks at the end of a file without a newline make an empty one, as in Linux.
  const argument = line.slice(skipBlanks(wordEnd), end);
  const nulAt = argument.indexOf(0);
  return { interpreter, argument: nulAt < 0 ? argument : argument.slice(0, nulAt) };
}
