/** What Debian's own programs are measured with: lines for bash, in a folder with the file `data`. */

export interface DebianCase {
  readonly name: string;
  readonly job: string;
  /** What is told is the time of one of so many. */
  readonly parts?: number;
  /** At most this many times native. */
  readonly target?: number;
  /** At most this many milliseconds. */
  readonly limit?: number;
}

/** Bytes of `data`, taken from the tree's own files. */
export const DATA_SIZE = 32 * 1024 * 1024;

const ROWS = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 200000)";
const QUERIES = [
  "update t set c = c + 1 where a % 3 = 0",
  "select count(*), sum(c), count(distinct b) from t where b like '%9%'",
  "select count(*) from t x join t y on y.a = x.a * 7 % 200000 where x.c > y.c",
  "select a % 10, avg(c), max(b) from t group by 1 order by 2",
  "select sum(length(b || hex(a))) from t where b between 'row 2' and 'row 7'",
];
const SQL = [
  "create table t(a integer primary key, b text, c real)",
  `${ROWS} insert into t select i, 'row ' || i, i * 1.5 from n`,
  "create index by_b on t(b)",
  ...Array<string[]>(4).fill(QUERIES).flat(),
].join("; ");

const PYTHON = "x = 0\nfor i in range(12000000): x = (x * 31 + i) % 1000003\nprint(x)";

const CPU_TARGET = 1.05;

export const WORK: readonly DebianCase[] = [
  { name: "gzip", job: "gzip -c data", target: CPU_TARGET },
  { name: "xz", job: "xz -0 -T1 -c data", target: CPU_TARGET },
  { name: "sha256sum", job: `sha256sum ${Array(8).fill("data").join(" ")}`, target: CPU_TARGET },
  { name: "python", job: `python3 -c '${PYTHON}'`, target: CPU_TARGET },
  { name: "sqlite", job: `sqlite3 :memory: "${SQL}"`, target: CPU_TARGET },
  { name: "loop", job: "for i in {1..200}; do /bin/true; done", parts: 200, limit: 10 },
];

/** Programs whose whole run is measured, in milliseconds over that of `hw`: deno.exe's own start is in both. */
export interface StartCase {
  readonly name: string;
  readonly args: readonly string[];
  readonly limit: (nativeMs: number) => number;
}

export const STARTS: readonly StartCase[] = [
  { name: "true", args: ["/bin/true"], limit: () => 60 },
  { name: "pass", args: ["/usr/bin/python3", "-c", "pass"], limit: (nativeMs) => 5 * nativeMs + 150 },
];
