/**
 * A stretch: time in which the kernel did nothing but answer its guests' calls with what it knew. What the rest of the
 * machine does meanwhile cannot have become known to a guest, so a file may be taken for unchanged within a stretch.
 * Whatever brings news ends it: a wait, a promise of Deno's, any file call but reading ahead, and two milliseconds.
 */
export class Stretch {
  /** Another number, another stretch. */
  number = 0;
  /** Called when the kernel has answered all calls and is about to look for more. */
  whenIdle: (() => void) | undefined;
  /** Files that guests write to by themselves: what they do to them nobody sees, so there are no stretches. */
  writers = 0;

  end(): void {
    this.number++;
  }
}
