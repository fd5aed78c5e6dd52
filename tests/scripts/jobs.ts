/** The scripts that Debian's static shells run: sh/ by both, bash/ by bash alone. */

export const SHELLS = ["bash", "busybox"] as const;

/** One script, run by one shell in a folder of its own with bin/ in it. */
export interface Job {
  /** Folder and name, without `.sh`. */
  readonly script: string;
  readonly shell: typeof SHELLS[number];
}

function jobs(folder: string, shells: readonly Job["shell"][], names: string): Job[] {
  return names.split(" ").flatMap((name) => shells.map((shell) => ({ script: `${folder}/${name}`, shell })));
}

/** The programs of bin/, all of them busybox, besides `sh`, which is the shell itself. */
export const APPLETS: readonly string[] =
  ("basename bc bunzip2 bzip2 cat chmod cmp cp cpio cut date dd diff dirname echo env expr find grep gunzip gzip " +
    "head ln ls md5sum mkdir mkfifo mktemp mv od paste printf readlink rm rmdir sed seq sleep sort tac tail tar tee " +
    "timeout touch tr true uniq wc xargs xz yes zcat").split(" ");

export const JOBS: readonly Job[] = [
  ...jobs(
    "sh",
    SHELLS,
    "loops functions pipelines here_documents redirections subshells substitution traps trap_wait background " +
      "exec shebang errexit ulimit arguments xargs_find archives read files nested_shells orphans",
  ),
  ...jobs(
    "bash",
    ["bash"],
    "arrays pipestatus process_substitution coproc wait_next job_control traps_more time builtins fork_tree " +
      "read_limits job_groups",
  ),
];
