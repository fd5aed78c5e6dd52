/**
 * Checks the rules that neither `deno lint` nor the type checker knows: which folder may import which, that only
 * ntdll/ speaks to Windows, that nothing is `any`, and that no file names a package registry's host.
 */
import { blank, type Blanked } from "./source_text.ts";

/** A broken rule, for `file:line what`. */
export interface Violation {
  readonly file: string;
  readonly line: number;
  readonly what: string;
}

type Part = keyof Blanked;

interface TextRule {
  /** Which part of the file's text counts. */
  readonly part: Part;
  readonly pattern: RegExp;
  readonly what: string;
  readonly applies: (file: string) => boolean;
}

const isCode = (file: string) => /\.[cm]?[jt]sx?$/.test(file);

// Some patterns have a class of one letter, so that they do not find themselves here.
const TEXT_RULES: readonly TextRule[] = [
  {
    part: "code",
    pattern: /\bDeno\s*\.\s*(?:dlopen|Unsafe\w+)|\b(?:HAND[L]E|NTS[T]ATUS)\b/g,
    what: "is for ntdll/ only",
    applies: (file) => isCode(file) && !file.startsWith("ntdll/"),
  },
  {
    part: "codeOnly",
    pattern: /\bas\s+any\b|:\s*any\b|<\s*any\s*[,>]|\bany\s*\[\]/g,
    what: "is not a type here",
    applies: isCode,
  },
  {
    part: "all",
    pattern: /@ts-(?:ignor[e]|nochec[k])|deno-lint-ignor[e]/g,
    what: "hides a problem",
    applies: isCode,
  },
  {
    part: "all",
    pattern:
      /\bregistry\.(?:npmj[s]|yarnpkg)\.\w+|\bnpmj[s]\.(?:com|org)|\bjs[r]\.io|\bcrate[s]\.io|\bpyp[i]\.org|\b(?:deb|snapshot)\.debia[n]\.org|\bproxy\.golan[g]\.org/g,
    what: "is a package registry's host",
    applies: () => true,
  },
];

interface ImportRule {
  readonly from: RegExp;
  readonly to: RegExp;
  readonly except: RegExp;
  readonly what: string;
}

const NOTHING = /^(?!)/;
const IMPORT_RULES: readonly ImportRule[] = [
  {
    from: /^(?:loader|ntdll)\//,
    to: /^kernel\//,
    except: /^kernel\/(?:abi\/|host(?:_\w+)?\.ts$)/,
    what: "sees of the kernel only kernel/abi/ and kernel/host*.ts",
  },
  {
    from: /^(?!ntdll\/|tests\/|scripts\/|main\.ts$)/,
    to: /^ntdll\//,
    except: NOTHING,
    what: "must not import ntdll/: only main.ts joins it to the rest",
  },
  {
    from: /^(?:loader|ntdll|kernel)\/(?!.*_test\.ts$|.*\/testing\/)/,
    to: /^(?:main\.ts$|tests\/|scripts\/)/,
    except: NOTHING,
    what: "must not import main.ts, tests/ or scripts/",
  },
];

const IMPORT = /\b(?:from|import)\s*\(?\s*(["'])([^"'\n]+)\1/g;

/** Every rule that one file breaks. `file` is relative to the project, with slashes. */
export function checkFile(file: string, text: string): Violation[] {
  const found: Violation[] = [];
  const parts = isCode(file) ? blank(text) : { all: text, code: "", codeOnly: "" };
  const report = (index: number, what: string) =>
    found.push({ file, line: text.slice(0, index).split("\n").length, what });

  for (const { part, pattern, what, applies } of TEXT_RULES) {
    if (!applies(file)) continue;
    for (const match of parts[part].matchAll(pattern)) report(match.index, `${match[0].trim()} ${what}`);
  }
  for (const match of parts.code.matchAll(IMPORT)) {
    const target = resolve(file, match[2] ?? "");
    for (const { from, to, except, what } of IMPORT_RULES) {
      if (from.test(file) && to.test(target) && !except.test(target)) {
        report(match.index, `imports ${target}: ${what}`);
      }
    }
  }
  return found;
}

/** The project path an import names; a package's name stays as it is. */
function resolve(file: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return new URL(specifier, `file:///${file}`).pathname.slice(1);
}

const SKIPPED = new Set([".git", "node_modules", "dist"]);

/** Text files of the project, relative paths. */
function* files(root: URL, folder = ""): Generator<string> {
  for (const entry of Deno.readDirSync(new URL(folder, root))) {
    const path = folder + entry.name;
    if (SKIPPED.has(entry.name)) continue;
    if (entry.isDirectory) yield* files(root, `${path}/`);
    else if (/\.(?:[cm]?[jt]sx?|jsonc?|md|sh|ya?ml|c|h|S)$|(?:^|\/)(?:Makefile|run)$/.test(path)) yield path;
  }
}

/** Every broken rule of the project. */
export function checkProject(root: URL): Violation[] {
  return [...files(root)].sort().flatMap((file) =>
    checkFile(file, Deno.readTextFileSync(new URL(file, root)))
  );
}

if (import.meta.main) {
  const violations = checkProject(new URL("../", import.meta.url));
  for (const { file, line, what } of violations) console.error(`${file}:${line} ${what}`);
  Deno.exit(violations.length > 0 ? 1 : 0);
}
