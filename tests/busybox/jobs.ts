/** What Debian's static busybox is asked to do: jobs which need no second process. */
import { BZIP2, GZIP, LZMA, TAR, XZ, ZIP } from "./archives.ts";

/** One run of an applet in a folder of its own. */
export interface Job {
  readonly applet: string;
  readonly args: readonly string[];
  readonly stdin?: string | Uint8Array<ArrayBuffer>;
  /** Made beforehand, with the folders they are in; a name that ends in "/" is a folder. */
  readonly files?: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Compares the folder afterwards, too. */
  readonly tree?: "contents" | "modes";
}

type Options = Omit<Job, "applet" | "args">;

/** A job from its words as one types them, arguments with spaces in single quotes. */
function job(line: string, options: Options = {}): Job {
  const words = [...line.matchAll(/'([^']*)'|\S+/g)].map(([word, inner]) => inner ?? word);
  const [applet = "", ...args] = words;
  return { applet, args, ...options };
}

/** A job whose folder is compared afterwards. */
function change(line: string, options: Options = {}): Job {
  return job(line, { tree: "contents", ...options });
}

function lines(count: number, line: (i: number) => string | number): string {
  return Array.from({ length: count }, (_, i) => `${line(i)}\n`).join("");
}

const fruits = "pear 3\napple 10\nfig 7\ncherry 2\napple 10\nBanana 5\n";
const numbers = lines(500, (i) => (i * 7919) % 503);
const prose =
  "The quick brown fox\njumps over\tthe lazy dog.\n\nIt was the best of times,\nit was the worst.\n";
const big = lines(40_000, (i) => `${i} ${i * i % 997}`);
const records =
  "root:x:0:0:root:/root\nalice:x:1000:100:Alice A.:/home/alice\nbob:x:1001:100:Bob:/home/bob\n";
const binary = Uint8Array.from({ length: 700 }, (_, i) => i * 37 >> (i & 3));
const a = { a: prose };
const two = { a: "one\ntwo\nthree\nfour\n", b: "one\n2\nthree\nfour\nfive\n" };
const forest = {
  "t/a.txt": "a\n",
  "t/b.c": "int b;\n",
  "t/sub/c.c": "int c;\n".repeat(30),
  "t/sub/deep/d": "",
  "t/sub/.hidden": "hidden\n",
  "t/empty/": "",
};
const patch = "--- a\n+++ b\n@@ -1,4 +1,5 @@\n one\n-two\n+2\n three\n four\n+five\n";

const printing: readonly Job[] = [
  job("true"),
  job("false"),
  job("echo hello 'two words' -n"),
  job("echo -n -e 'a\\tb\\x41\\n'"),
  job("printf '%s=%d 0x%x %5.2f|%-6s|%c\\n' name 42 255 3.14159 left z"),
  job("seq 3 2 20"),
  job("seq -s, -w 8 12"),
  job("factor 1 97 360 1000000007 18446744073709551557"),
  job("expr 6 '*' 7 + 1"),
  job("expr length 'some text'"),
  job("expr abc123 : '\\([a-z]*\\)'"),
  job("bc -l", { stdin: "scale=30\n4*a(1)\ne(1)\n2^200\nfor(i=0;i<5;i++) i*i\n" }),
  job("dc -e '2 100^p 10k 2vp [Hello]p 16o 255p'"),
  job("cal 2 2024"),
  job("cal -y 1752"),
  job("date -u -d @1709210096 '+%Y-%m-%d %H:%M:%S %a %j %s'"),
  job("date -d '2024-02-29 12:34' +%c", { env: { TZ: "CET-1CEST,M3.5.0,M10.5.0/3" } }),
  job("basename /usr/lib/file.txt .txt"),
  job("dirname /usr/lib/file.txt"),
  job("uname -s"),
  job("tty", { stdin: "" }),
  job("ascii"),
  job("ipcalc -n -b -m 192.168.5.7/20"),
  job("test 3 -lt 10 -a -n x"),
  job("[ -e missing ]"),
  job("[ -d t -a -f t/a.txt -a -s t/b.c ]", { files: forest }),
  job("sleep 0.1"),
  job("usleep 1000"),
  job("env -i"),
  job("mkpasswd -m sha512 -S saltsalt password"),
  job("mkpasswd -m md5 -S saltsalt password"),
  job("nonsense"),
];

const text: readonly Job[] = [
  job("cat a - b", { stdin: "from stdin\n", files: two }),
  job("cat -n -e a", { files: a }),
  job("cat missing a", { files: a }),
  job("cat", { stdin: big }),
  job("tac a", { files: a }),
  job("rev a", { files: a }),
  job("nl -b a a", { files: a }),
  job("head -n 3 a b", { files: two }),
  job("head -c 10", { stdin: prose }),
  job("tail -n 2 a b", { files: two }),
  job("tail -n +3", { stdin: prose }),
  job("tail -c 12 a", { files: a }),
  job("wc a b", { files: two }),
  job("wc -c -l -w -L", { stdin: prose }),
  job("wc -l", { stdin: big }),
  job("cut -d: -f1,3-4", { stdin: records }),
  job("cut -c 2-4,8", { stdin: prose }),
  job("paste -d, a b", { files: two }),
  job("tr a-z A-Z", { stdin: prose }),
  job("tr -d -c '[:digit:]\\n'", { stdin: records }),
  job("tr -s ' o'", { stdin: "a   b  oo c\n" }),
  job("sort", { stdin: fruits }),
  job("sort -n -r", { stdin: numbers }),
  job("sort -k2,2n -k1,1 -u", { stdin: fruits }),
  job("sort -t: -k4n -k1r a", { files: { a: records } }),
  job("sort -o out -k2n big", { files: { big }, tree: "contents" }),
  job("uniq -c", { stdin: "a\na\nb\na\nc\nc\n" }),
  job("uniq -d -i", { stdin: "A\na\nb\nc\nC\n" }),
  job("shuf", { stdin: "only one\n" }),
  job("fold -w 10 -s a", { files: a }),
  job("expand -t 4 a", { files: a }),
  job("unexpand -a -t 4", { stdin: "        eight    x\n" }),
  job("grep -n -i THE a", { files: a }),
  job("grep -c o a b", { files: two }),
  job("grep -E -o '[a-z]+(x|s)' a", { files: a }),
  job("grep -r int t", { files: { "t/b.c": "int b;\n" } }),
  job("grep -v -w the", { stdin: prose }),
  job("grep -q nothing a", { files: a }),
  job("egrep '^(apple|fig)'", { stdin: fruits }),
  job("fgrep -x 'fig 7'", { stdin: fruits }),
  job("sed -e s/o/0/g -e /lazy/d a", { files: a }),
  job("sed -n '/fox/,/dog/{=;p}' a", { files: a }),
  job("sed -E 's/([a-z]+) ([a-z]+)/\\2 \\1/;y/abc/xyz/'", { stdin: prose }),
  change("sed -i -e '2i inserted' -e '$a last' a b", { files: two }),
  job("sed ':x;N;$!bx;s/\\n/+/g'", { stdin: lines(30, (i) => i) }),
  job("awk '{ sum[$1] += $2 } END { print sum[\"apple\"], NR, NF }'", { stdin: fruits }),
  job("awk -F: -v OFS=- '$3 >= 1000 { print $1, $3 * 2, toupper($5) }'", { stdin: records }),
  job('awk \'BEGIN { printf "%.10f %d %s\\n", 7 / 3, 5 * 2, substr("hello", 2, 3); exit 3 }\''),
  job("awk '{ n += $1 * $2; gsub(/9/, \"nine\"); l += length($0) } END { print n, l }'", { stdin: big }),
  change("awk '{ print $2 > $1 \".out\" }' a", { files: { a: "x 1\ny 2\nx 3\n" } }),
  job("tee copy", { stdin: prose, tree: "contents" }),
  job("strings -n 5", { stdin: "\u0000\u0001hello\u0000hi\u0000world!\u0000" }),
  change("dos2unix a", { files: { a: "one\r\ntwo\r\n" } }),
  change("unix2dos a", { files: { a: "one\ntwo\n" } }),
  change("ed -s a", { stdin: "2,3p\n2c\nchanged\n.\n1,$s/o/0/g\nw\nq\n", files: two }),
  job("less a", { files: a }),
  job("more a", { files: a }),
];

const bytes: readonly Job[] = [
  job("od -A x -t x1", { stdin: binary }),
  job("od -t d2 -t u4 -t f4 -N 64", { stdin: binary }),
  job("hexdump -C a", { files: { a: binary } }),
  job('hexdump -e \'4/1 "%02x " "\\n"\'', { stdin: "some text" }),
  job("xxd -c 8", { stdin: binary }),
  job("xxd -r -p", { stdin: "68656c6c6f0a" }),
  job("base64", { stdin: binary }),
  job("base64 -d", { stdin: "aGVsbG8gd29ybGQK" }),
  job("uuencode -m name", { stdin: prose }),
  job("uuencode name", { stdin: binary }),
  change("uudecode", { stdin: "begin 644 decoded\n#0V%T\n`\nend\n" }),
  job("cmp a b", { files: two }),
  job("cmp -l a b", { files: { a: "same", b: "some" } }),
  job("cmp a a", { files: a }),
  job("md5sum a b", { files: two }),
  job("sha1sum", { stdin: big }),
  job("sha256sum big", { files: { big } }),
  job("sha512sum", { stdin: binary }),
  job("sha3sum", { stdin: big }),
  job("crc32 a", { files: a }),
  job("sha256sum -c sums", {
    files: { a: "", sums: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a\n" },
  }),
  change("dd if=a of=out bs=7 skip=1 count=5", { files: a }),
  change("dd if=/dev/zero of=zeros bs=1k count=5 seek=2"),
  job("dd bs=3 count=2", { stdin: "abcdefghij" }),
  change("truncate -s 10 a", { files: a }),
  change("truncate -s 5 new"),
  change("fallocate -l 3000 new"),
  change("shred -u a", { files: a }),
];

const archives: readonly Job[] = [
  change("gzip -d a.gz", { files: { "a.gz": GZIP } }),
  job("gunzip -c", { stdin: GZIP }),
  job("gunzip -c -t", { stdin: GZIP }),
  job("gunzip -c", { stdin: GZIP.subarray(0, 80) }),
  change("gzip -9 -n -k a", { files: { a: big } }),
  job("bzip2 -c", { stdin: big }),
  change("bunzip2 a.bz2", { files: { "a.bz2": BZIP2 } }),
  job("bzcat", { stdin: BZIP2 }),
  change("unxz a.xz", { files: { "a.xz": XZ } }),
  job("xzcat", { stdin: XZ }),
  job("xz -d -c", { stdin: XZ }),
  job("unlzma -c", { stdin: LZMA }),
  job("tar -t -v -f a.tar", { files: { "a.tar": TAR } }),
  change("tar -x -f a.tar", { files: { "a.tar": TAR } }),
  job("tar -x -O dir/file", { stdin: TAR }),
  change("tar -x -f a.tar --strip-components=1 dir/script", { files: { "a.tar": TAR } }),
  job("tar -t -f -", { stdin: TAR.subarray(0, 700) }),
  change("unzip -q a.zip", { files: { "a.zip": ZIP } }),
  job("unzip -l a.zip", { files: { "a.zip": ZIP } }),
  job("unzip -p a.zip two.txt", { files: { "a.zip": ZIP } }),
  change("cpio -i -d", { stdin: "" }),
];

const files: readonly Job[] = [
  change("touch new a", { files: a }),
  change("touch -c none"),
  change("mkdir -p x/y/z"),
  change("mkdir a b", { files: { a: "in the way" } }),
  change("rmdir t/empty", { files: forest }),
  change("rmdir t", { files: forest }),
  change("rm a none b", { files: two }),
  change("rm -f none"),
  change("rm -r t", { files: forest }),
  change("unlink a", { files: two }),
  change("cp a c", { files: two }),
  change("cp -r t u", { files: forest }),
  change("cp -a t u", { files: forest }),
  change("cp missing c"),
  change("cp big copy", { files: { big } }),
  change("mv a c", { files: two }),
  change("mv a b t", { files: { ...two, ...forest } }),
  change("mv t u", { files: forest }),
  change("mv -n a b", { files: two }),
  change("ln a hard", { files: a }),
  change("ln -s a soft", { files: a }),
  change("ln -s -f b a", { files: two }),
  change("install -d x/y"),
  change("install -m 644 a t", { files: { ...two, ...forest } }),
  change("patch a diff", { files: { a: two.a, diff: patch } }),
  change("patch -R a diff", { files: { a: two.b, diff: patch } }),
  job("diff a b", { files: two }),
  job("diff -u -L one -L other a b", { files: two }),
  job("diff -q -r t u", { files: { ...forest, "u/a.txt": "other\n", "u/new": "" } }),
  job("ls t", { files: forest }),
  job("ls -1 -a -p t t/sub", { files: forest }),
  job("ls -R t", { files: forest }),
  job("ls -1 -t -r t", { files: forest }),
  job("ls -1 -S a b big", { files: { ...two, big } }),
  job("ls missing"),
  job("find t -type f -name '*.c'", { files: { "t/b.c": "", "t/x": "" } }),
  job("find t/sub/c.c t/a.txt -size +20c -print -o -newer t/b.c -o -name a.txt -print", { files: forest }),
  job("find t/sub -depth -name 'c*' -prune -o -print0", { files: { "t/sub/c.c": "", "t/sub/x": "" } }),
  job("find t -maxdepth 1 -empty -type d", { files: forest }),
  job("stat -c '%n %s %F %Y %h' a b", { files: two }),
  job("stat -c '%F %s' /dev/null /dev/zero"),
  job("du -a -b t/sub/c.c t/a.txt", { files: forest }),
  job("readlink a", { files: a }),
  job("realpath missing/x"),
  job("chmod 600 a", { files: a }),
  job("chmod u+x,go-r missing"),
  job("which -a nothing_of_the_kind"),
];

const shells: readonly Job[] = [
  job("sh -c 'i=0; while [ $i -lt 300 ]; do i=$((i+1)); done; echo $i ${i#3} $(( i << 3 ^ 5 ))'"),
  job(
    "sh -c 'f() { local x=$1; echo \"f $x\"; return 4; }; f one; echo $?; set -- a b c; echo $# $* ${2%b}'",
  ),
  job("sh -c 'echo *.c; for f in t/*; do echo \"$f\"; done; [ -d t ] && cd t && echo *'", { files: forest }),
  change("sh -c 'echo one >x; echo two >>x; read a <x; echo \"$a\"; exec 3>y; echo three >&3; exit 9'"),
  job("sh", {
    stdin: "echo from stdin\ncase abc in a*) echo match;; esac\nprintf '%s\\n' \"${HOME:-none}\"\n",
  }),
  job('sh -c \'trap "echo bye" EXIT; eval "echo eval"; type cd; test -z "" && echo empty; exit 2\''),
  job("ash -e script one", { files: { script: "echo $0 $1\nfalse\necho not reached\n" } }),
];

export const JOBS: readonly Job[] = [...printing, ...text, ...bytes, ...archives, ...files, ...shells];
