/** A folder as text, to compare what guests leave behind. */

/** Most bytes of a file shown as they are. */
const SHOWN_BYTES = 200;
const COOKIE = "!<symlink>";

/** A line per entry, sorted: path, kind, size and content; with `modes`, permissions too. Times and owners are not. */
export function fileTree(folder: string, modes: boolean): string {
  return entries(folder, "", modes).sort().join("\n");
}

function entries(folder: string, prefix: string, modes: boolean): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory, isSymlink }) => {
    const path = `${folder}/${name}`;
    const shown = prefix + posixName(name);
    const mode = modes && !isSymlink ? ` ${permissions(path)}` : "";
    if (isSymlink) return [`${shown} -> ${Deno.readLinkSync(path)}`];
    if (isDirectory) return [`${shown}/${mode}`, ...entries(path, `${shown}/`, modes)];
    return [`${shown}${mode} ${described(Deno.readFileSync(path))}`];
  });
}

/** Names that Windows forbids are stored with U+F0xx characters. */
function posixName(name: string): string {
  return name.replace(/[\uf000-\uf0ff]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xf000));
}

function permissions(path: string): string {
  return ((Deno.statSync(path).mode ?? 0) & 0o7777).toString(8).padStart(4, "0");
}

/** A symbolic link may be stored as Cygwin's system file. */
function described(content: Uint8Array<ArrayBuffer>): string {
  const start = new TextDecoder("latin1").decode(content.subarray(0, COOKIE.length));
  if (start === COOKIE) {
    return `-> ${new TextDecoder("utf-16le").decode(content.subarray(COOKIE.length)).replace(/\0$/, "")}`;
  }
  const text = new TextDecoder("latin1").decode(content);
  if (content.length <= SHOWN_BYTES) return `${content.length} ${JSON.stringify(text)}`;
  return `${content.length} ${JSON.stringify(text.slice(0, SHOWN_BYTES))} ${checksum(content)}`;
}

/** FNV-1a. */
function checksum(content: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of content) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16);
}
