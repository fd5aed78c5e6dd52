/**
 * `deno run -A scripts/bundle.ts FOLDER`: the source as a few files, which start faster than some 350. What only a
 * subcommand needs has files of its own, for else every module would be wrapped in a function, to be evaluated when
 * that is asked for.
 */
const ROOT = new URL("../", import.meta.url);

/** What a bundle with commander in it begins with, although all that is needed of node's modules is an event emitter. */
const REQUIRE =
  /^import \{ createRequire as (\w+) \} from "node:module";\nvar __require = \1\(import\.meta\.url\);$/m;
/** node's modules take longer to load than all of atratus: commander gets them when it uses them, as for its help. */
const LAZY_REQUIRE = `var __require = (name) => new Proxy({}, {
  get: (_, key) => globalThis.process.getBuiltinModule(name)[key],
});`;
const EVENTS = 'var EventEmitter = __require("node:events").EventEmitter;';
/** What commander calls of it: node's own brings thirty modules along, which no snapshot holds. */
const OWN_EVENTS = `var EventEmitter = class {
  #listeners = new Map();
  on(name, listener) {
    this.#listeners.set(name, [...this.#listeners.get(name) ?? [], listener]);
    return this;
  }
  emit(name, ...values) {
    const listeners = this.#listeners.get(name) ?? [];
    for (const listener of listeners) listener.apply(this, values);
    return listeners.length > 0;
  }
  listenerCount(name) {
    return this.#listeners.get(name)?.length ?? 0;
  }
};`;

/** The path of the bundle's main file, from the root. Throws when there cannot be one. */
export async function bundle(folder: string): Promise<string> {
  await Deno.remove(new URL(folder, ROOT), { recursive: true }).catch(() => {});
  const args = ["bundle", "-q", "--platform", "deno", "--code-splitting", "--outdir", folder, "main.ts"];
  const command = new Deno.Command(Deno.execPath(), { args, cwd: ROOT, stdin: "null" });
  const { success, stderr } = await command.output();
  if (!success) throw new Error(`The source is not bundled: ${new TextDecoder().decode(stderr).trim()}`);
  const found = { require: 0, events: 0 };
  for (const { name } of Deno.readDirSync(new URL(`${folder}/`, ROOT))) {
    const file = new URL(`${folder}/${name}`, ROOT), text = await Deno.readTextFile(file);
    if (REQUIRE.test(text)) {
      found.require++;
      await Deno.writeTextFile(file, text.replace(REQUIRE, LAZY_REQUIRE));
    } else if (text.includes(EVENTS)) {
      found.events++;
      await Deno.writeTextFile(file, text.replace(EVENTS, OWN_EVENTS));
    }
  }
  if (found.require !== 1 || found.events !== 1) {
    throw new Error(
      "The source is not bundled: commander asks for node's modules in another way than it did",
    );
  }
  return `${folder}/main.js`;
}

if (import.meta.main) await bundle(Deno.args[0] ?? "dist/bundle");
