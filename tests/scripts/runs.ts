/** The scripts as runs of Debian's unmodified static shells, both ABIs. ATRATUS_SHELLS names their folder. */
import { onLinux, type Run } from "../outcome.ts";
import { APPLETS, type Job, JOBS } from "./jobs.ts";

const HERE = new URL("./", import.meta.url);
/** Starts the script with the programs of bin/ and no others. */
const START = 'PATH=$PWD/bin; export PATH; exec "$PWD/bin/sh" ./script';

export function scriptRuns(): Run[] {
  const folder = Deno.env.get("ATRATUS_SHELLS");
  if (folder === undefined) {
    if (onLinux) throw new Error("Cannot find the shells: run scripts/test.sh, which sets ATRATUS_SHELLS");
    console.log("no shells: ATRATUS_SHELLS is not set");
    return [];
  }
  return JOBS.flatMap((job) => ["", ".i386"].map((suffix) => scriptRun(folder, job, suffix)));
}

function scriptRun(folder: string, { script, shell }: Job, suffix: string): Run {
  return {
    name: `${shell}${suffix} ${script}.sh`,
    program: `${folder}/${shell}${suffix}`,
    args: [...shell === "busybox" ? ["sh"] : [], "-c", START],
    prepare(at) {
      Deno.mkdirSync(`${at}/bin`);
      Deno.copyFileSync(`${folder}/busybox${suffix}`, `${at}/bin/busybox`);
      for (const applet of APPLETS) Deno.linkSync(`${at}/bin/busybox`, `${at}/bin/${applet}`);
      if (shell === "busybox") Deno.linkSync(`${at}/bin/busybox`, `${at}/bin/sh`);
      else {
        Deno.copyFileSync(`${folder}/${shell}${suffix}`, `${at}/bin/sh`);
        Deno.linkSync(`${at}/bin/sh`, `${at}/bin/${shell}`);
      }
      Deno.copyFileSync(new URL(`${script}.sh`, HERE), `${at}/script`);
    },
  };
}
