/** The jobs as runs of Debian's unmodified static busybox, both ABIs. ATRATUS_SHELLS names the folder it is in. */
import { onLinux, quoted, type Run } from "../outcome.ts";
import { type Job, JOBS } from "./jobs.ts";

/** What every file of a job was last changed at, so that listings are the same. */
const FILE_TIME = new Date("2024-02-29T12:34:56Z");

export function busyboxRuns(): Run[] {
  const folder = Deno.env.get("ATRATUS_SHELLS");
  if (folder === undefined) {
    if (onLinux) throw new Error("Cannot find busybox: run scripts/test.sh, which sets ATRATUS_SHELLS");
    console.log("no busybox: ATRATUS_SHELLS is not set");
    return [];
  }
  return JOBS.flatMap((job) =>
    ["busybox", "busybox.i386"].map((program) => busyboxRun(folder, program, job))
  );
}

function busyboxRun(folder: string, program: string, job: Job): Run {
  const input = job.stdin === undefined ? "" : ` < ${job.stdin.length} bytes`;
  const { stdin, tree, env } = job;
  return {
    ...stdin === undefined ? {} : { stdin },
    ...tree === undefined ? {} : { tree },
    ...env === undefined ? {} : { env },
    name: [program, job.applet, ...job.args].map(quoted).join(" ") + input,
    program: `${folder}/${program}`,
    args: [job.applet, ...job.args],
    prepare(at) {
      for (const [name, content] of Object.entries(job.files ?? {})) {
        const path = `${at}/${name}`;
        Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
        if (name.endsWith("/")) continue;
        if (typeof content === "string") Deno.writeTextFileSync(path, content);
        else Deno.writeFileSync(path, content);
        Deno.utimeSync(path, FILE_TIME, FILE_TIME);
      }
    },
  };
}
