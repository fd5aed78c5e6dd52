/** The first program's environment: the user's, without what only Windows programs can use. */

/** Windows' own variables; names compare without case. Their values are paths and lists a Linux program misreads. */
const WINDOWS_ONLY = new Set(
  ("ALLUSERSPROFILE APPDATA COMMONPROGRAMFILES COMMONPROGRAMFILES(X86) COMMONPROGRAMW6432 COMPUTERNAME COMSPEC " +
    "DRIVERDATA HOMEDRIVE HOMEPATH LOCALAPPDATA LOGONSERVER NUMBER_OF_PROCESSORS OS PATHEXT PROCESSOR_ARCHITECTURE " +
    "PROCESSOR_ARCHITEW6432 PROCESSOR_IDENTIFIER PROCESSOR_LEVEL PROCESSOR_REVISION PROGRAMDATA PROGRAMFILES " +
    "PROGRAMFILES(X86) PROGRAMW6432 PROMPT PSMODULEPATH PUBLIC SESSIONNAME SYSTEMDRIVE SYSTEMROOT TEMP TMP " +
    "USERDOMAIN USERDOMAIN_ROAMINGPROFILE USERNAME USERPROFILE WINDIR PATH HOME SHELL TMPDIR PWD OLDPWD")
    .split(" "),
);

const DEFAULTS: Readonly<Record<string, string>> = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/root",
};

/** NAME=VALUE strings: the defaults, the user's variables, and `settings` (`--env`), which win. */
export function guestEnvironment(
  host: Readonly<Record<string, string>>,
  settings: readonly string[],
): string[] {
  const variables = new Map(Object.entries(DEFAULTS));
  for (const [name, value] of Object.entries(host)) {
    // Windows keeps each drive's directory in variables like "=C:".
    if (name !== "" && !name.startsWith("=") && !WINDOWS_ONLY.has(name.toUpperCase())) {
      variables.set(name, value);
    }
  }
  for (const setting of settings) {
    const cut = setting.indexOf("=");
    variables.set(setting.slice(0, cut), setting.slice(cut + 1));
  }
  return [...variables].map(([name, value]) => `${name}=${value}`);
}
