/**
 * A stretch: time in which the kernel did nothing but answer its guests' calls with what it knew. What the rest of the
 * machine does meanwhile cannot have become known to a guest, so a file may be taken for unchanged within a stretch.
 * Whatever brings news ends it: a wait, a promise of Deno's, any file call but reading ahead, and two milliseconds.
 * Guests that read ahead by themselves see its number, too; there are none for them while another one writes to files
 * by itself.
 */
export class Stretch {
  /** Another number, another stretch. */
  number = 0;
  /** Called when the kernel has answered all calls and is about to look for more. */
  whenIdle: (() => void) | undefined;
  /** Threads that write to files by themselves, and how many files each: what they do to them nobody else sees. */
  readonly #writers = new Map<unknown, number>();
  /** Where guests see it: all threads but the writers, and these. */
  #shown = new Int32Array(2);

  end(): void {
    this.number++;
    this.#show();
  }

  /** Some thread writes to files by itself: for anybody else there are no stretches. */
  get hasWriters(): boolean {
    return this.#writers.size > 0;
  }

  addWriter(thread: unknown): void {
    this.#writers.set(thread, (this.#writers.get(thread) ?? 0) + 1);
    this.#show();
  }

  /** One file less. */
  removeWriter(thread: unknown): void {
    const files = this.#writers.get(thread) ?? 0;
    if (files > 1) this.#writers.set(thread, files - 1);
    else this.#writers.delete(thread);
    this.end();
  }

  /** Shows guests which stretch it is, from now on: 0 when there are none. */
  showIn(words: Int32Array<ArrayBuffer>): void {
    this.#shown = words;
    this.#show();
  }

  #show(): void {
    const number = this.number % 0x7fff_ffff + 1;
    this.#shown[0] = this.hasWriters ? 0 : number;
    this.#shown[1] = this.#writers.size > 1 ? 0 : number;
  }
}
