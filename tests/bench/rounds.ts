import type { Times } from "./results.ts";

/** The rounds of one program; the first that fails is the last. */
export class Rounds {
  problem: string | undefined;
  readonly #run: () => Promise<Map<string, number>>;
  readonly #values: Map<string, number>[] = [];

  constructor(run: () => Promise<Map<string, number>>) {
    this.#run = run;
  }

  async next(): Promise<void> {
    if (this.problem !== undefined) return;
    try {
      this.#values.push(await this.#run());
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  /** Of the line with that name, or else of the one at that place: some programs print other names. */
  times(name: string, index: number): Times | undefined {
    if (this.problem !== undefined) return undefined;
    const values = this.#values.map((lines) => lines.get(name) ?? [...lines.values()][index])
      .filter((value) => value !== undefined);
    return values.length === 0 ? undefined : values;
  }
}
