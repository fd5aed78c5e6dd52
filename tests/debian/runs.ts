/** The jobs as runs of Debian 12's unmodified dynamic programs. ATRATUS_TREE names the folder they are in. */
import { onLinux, type Run } from "../outcome.ts";
import { JOBS } from "./jobs.ts";

/**
 * Git asks who commits, and when; with one thread it needs no others, which do not exist yet. Python caches what it
 * imports, whatever the machine's own setting.
 */
const ENVIRONMENT = {
  HOME: "/root",
  PYTHONDONTWRITEBYTECODE: "",
  GIT_CONFIG_COUNT: "2",
  GIT_CONFIG_KEY_0: "pack.threads",
  GIT_CONFIG_VALUE_0: "1",
  GIT_CONFIG_KEY_1: "grep.threads",
  GIT_CONFIG_VALUE_1: "1",
  GIT_AUTHOR_NAME: "A U Thor",
  GIT_AUTHOR_EMAIL: "author@example.com",
  GIT_COMMITTER_NAME: "C O Mitter",
  GIT_COMMITTER_EMAIL: "committer@example.com",
  GIT_AUTHOR_DATE: "1700000000 +0000",
  GIT_COMMITTER_DATE: "1700000000 +0000",
};

/** Windows has no such tree. */
export function debianRuns(): Run[] {
  if (!onLinux) return [];
  const root = Deno.env.get("ATRATUS_TREE");
  if (root === undefined) {
    throw new Error("Cannot find Debian's programs: run scripts/test.sh, which sets ATRATUS_TREE");
  }
  return Object.entries(JOBS).flatMap(([kind, jobs]) =>
    jobs.map((job) => ({
      name: `${kind}: ${job}`,
      root,
      program: "/bin/bash",
      args: ["-c", job],
      env: ENVIRONMENT,
      prepare() {},
    }))
  );
}
