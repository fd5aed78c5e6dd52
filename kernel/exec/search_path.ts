/** Finding a program by its bare name, as a shell does (execvp(3)). */

/**
 * The first file of the name in the folders of the environment's PATH. Undefined: there is none, or the name says
 * where to look. `isFile` asks of a guest path.
 */
export function searchPath(
  name: string,
  environment: readonly string[],
  isFile: (guestPath: string) => boolean,
): string | undefined {
  if (name === "" || /[\\/:]/.test(name)) return undefined;
  const path = environment.findLast((setting) => setting.startsWith(VARIABLE))?.slice(VARIABLE.length) ?? "";
  return path.split(":").map((folder) => `${folder || "."}/${name}`).find(isFile);
}

const VARIABLE = "PATH=";
