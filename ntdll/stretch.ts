/**
 * A stretch: time in which the kernel did nothing but answer its guests' calls with what it knew. What the rest of the
 * machine does meanwhile cannot have become known to a guest, so a file may be taken for unchanged within a stretch.
 * Whatever brings news ends it: a wait, a promise of Deno's, any file call but reading ahead, and two milliseconds.
 * Guests that read ahead by themselves see its number, too.
 */
export class Stretch {
  /** Another number, another stretch. */
  number = 0;
  /** Called when the kernel has answered all calls and is about to look for more. */
  whenIdle: (() => void) | undefined;
  #writers = 0;
  /** Where guests see it. */
  #shown = new Int32Array(1);

  end(): void {
    this.number++;
    this.#show();
  }

  /** Files that guests write to by themselves: what they do to them nobody sees, so there are no stretches. */
  get writers(): number {
    return this.#writers;
  }
  set writers(count: number) {
    this.#writers = count;
    this.#show();
  }

  /** Shows guests which stretch it is, from now on: 0 when there are none. */
  showIn(word: Int32Array<ArrayBuffer>): void {
    this.#shown = word;
    this.#show();
  }

  #show(): void {
    this.#shown[0] = this.#writers > 0 ? 0 : this.number % 0x7fff_ffff + 1;
  }
}
