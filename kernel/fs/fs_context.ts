/**
 * struct fs_struct: a task's root, working directory and umask. Copied by fork(2); tasks that share one (CLONE_FS)
 * have an object each over the same state, because a look-up in /proc asks who looks.
 */
import type { Location } from "./mount.ts";

/** Who looks a path up, as /proc/self needs it. */
export interface Viewer {
  readonly pid: number;
  readonly tid: number;
}

interface FsState {
  root: Location;
  cwd: Location;
  umask: number;
  /** Tasks that share it. */
  users: number;
}

export class FsContext {
  /** The task whose context this is; written when the task is made. */
  viewer: Viewer | undefined;
  readonly #state: FsState;

  constructor(root: Location, cwd: Location, umask = 0o022, shared?: FsState, readonly resolve = 0) {
    this.#state = shared ?? { root, cwd, umask, users: 0 };
    if (this.#state.users++ > 0) return;
    root.inode.retain();
    cwd.inode.retain();
  }

  get root(): Location {
    return this.#state.root;
  }
  get cwd(): Location {
    return this.#state.cwd;
  }
  get umask(): number {
    return this.#state.umask;
  }
  set umask(mask: number) {
    this.#state.umask = mask;
  }

  setCwd(to: Location): void {
    to.inode.retain();
    this.#state.cwd.inode.release();
    this.#state.cwd = to;
  }
  setRoot(to: Location): void {
    to.inode.retain();
    this.#state.root.inode.release();
    this.#state.root = to;
  }

  /** Another task's view of the same root, directory and umask (CLONE_FS). */
  share(): FsContext {
    return new FsContext(this.root, this.cwd, this.umask, this.#state);
  }
  clone(): FsContext {
    return new FsContext(this.root, this.cwd, this.umask);
  }

  /** A task is done with it. */
  release(): void {
    if (--this.#state.users > 0) return;
    this.root.inode.release();
    this.cwd.inode.release();
  }

  /** For one look-up: another root, and RESOLVE_* restrictions (openat2(2)). */
  restricted(root: Location, resolve: number): FsContext {
    const { cwd, umask } = this;
    const held = { root, cwd, umask, users: 1 }; // by the state of this context
    const context = new FsContext(root, cwd, umask, held, resolve);
    context.viewer = this.viewer;
    return context;
  }
}
