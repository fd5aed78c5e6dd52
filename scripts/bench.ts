/**
 * `deno task bench [--only=CASE] [--rounds=N] [--json]`: atratus against native Linux. Progress goes to stderr, the
 * table or the JSON to stdout. A case that fails says so in its line and does not end the others; then, or when a
 * target is missed, the status is 0 all the same: what the numbers mean depends on how busy the machine is.
 */
import { renderResults } from "../tests/bench/results.ts";
import { runBench } from "../tests/bench/run.ts";

const USAGE = "usage: deno task bench [--only CASE] [--rounds N] [--json]";
const ROUNDS = 5;

interface Options {
  only: string | undefined;
  rounds: number;
  json: boolean;
}

/** Undefined for a wrong command line. */
function readOptions(args: readonly string[]): Options | undefined {
  const options: Options = { only: undefined, rounds: ROUNDS, json: false };
  const words = args.flatMap((word) => word.startsWith("--") ? word.split(/=(.*)/s, 2) : [word]);
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === "--json") options.json = true;
    else if (word === "--only" && words.length > 0) options.only = words.shift();
    else if (word === "--rounds" && words.length > 0) options.rounds = Number(words.shift());
    else return undefined;
  }
  return options.rounds >= 1 ? options : undefined;
}

const options = readOptions(Deno.args);
if (options === undefined) {
  console.error(USAGE);
  Deno.exit(2);
}
const { only, rounds, json } = options;
try {
  const results = await runBench({ only, rounds, report: (line) => console.error(`... ${line}`) });
  console.log(json ? JSON.stringify(results, null, 2) : renderResults(results).join("\n"));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(1);
}
