/** User and group ids of a task (credentials(7)). A child gets a copy, and so does a task that changes its own. */

/** -1 in setresuid(2) and its kin: leave it as it is. */
export const KEEP_ID = 0xffff_ffff;

/** The four ids Linux keeps for users and again for groups. */
export interface Ids {
  readonly real: number;
  readonly effective: number;
  readonly saved: number;
  readonly filesystem: number;
}

export class Credentials {
  constructor(
    readonly user: Ids,
    readonly group: Ids,
    /** Supplementary groups. */
    readonly groups: readonly number[] = [],
  ) {}

  /** Every id the same. */
  static of(uid: number, gid: number, groups: readonly number[] = []): Credentials {
    return new Credentials(sameIds(uid), sameIds(gid), groups);
  }

  get uid(): number {
    return this.user.real;
  }
  get euid(): number {
    return this.user.effective;
  }
  get gid(): number {
    return this.group.real;
  }
  get egid(): number {
    return this.group.effective;
  }
  get fsuid(): number {
    return this.user.filesystem;
  }
  get fsgid(): number {
    return this.group.filesystem;
  }

  /** CAP_SETUID, CAP_SETGID and the rest: there are no capabilities beside being root. */
  get privileged(): boolean {
    return this.user.effective === 0;
  }

  withUser(user: Ids): Credentials {
    return new Credentials(user, this.group, this.groups);
  }

  withGroup(group: Ids): Credentials {
    return new Credentials(this.user, group, this.groups);
  }

  withGroups(groups: readonly number[]): Credentials {
    return new Credentials(this.user, this.group, groups);
  }

  /** Whether a file of group `gid` is one of the task's (in_group_p). */
  inGroup(gid: number): boolean {
    return gid === this.group.filesystem || this.groups.includes(gid);
  }
}

export function sameIds(id: number): Ids {
  return { real: id, effective: id, saved: id, filesystem: id };
}

/** setuid(2), setgid(2): undefined when not permitted. */
export function setId(ids: Ids, id: number, privileged: boolean): Ids | undefined {
  if (privileged) return sameIds(id);
  if (id !== ids.real && id !== ids.saved) return undefined;
  return { ...ids, effective: id, filesystem: id };
}

/** setreuid(2), setregid(2): undefined when not permitted. Linux: __sys_setreuid. */
export function setReId(ids: Ids, real: number, effective: number, privileged: boolean): Ids | undefined {
  if (!privileged) {
    if (real !== KEEP_ID && real !== ids.real && real !== ids.effective) return undefined;
    const allowed = [KEEP_ID, ids.real, ids.effective, ids.saved];
    if (!allowed.includes(effective)) return undefined;
  }
  const newReal = real === KEEP_ID ? ids.real : real;
  const newEffective = effective === KEEP_ID ? ids.effective : effective;
  const savesToo = real !== KEEP_ID || (effective !== KEEP_ID && effective !== ids.real);
  return {
    real: newReal,
    effective: newEffective,
    saved: savesToo ? newEffective : ids.saved,
    filesystem: newEffective,
  };
}

/** setresuid(2), setresgid(2): undefined when not permitted. */
export function setResId(
  ids: Ids,
  real: number,
  effective: number,
  saved: number,
  privileged: boolean,
): Ids | undefined {
  const allowed = [KEEP_ID, ids.real, ids.effective, ids.saved];
  if (!privileged && [real, effective, saved].some((id) => !allowed.includes(id))) return undefined;
  const keep = (id: number, old: number) => id === KEEP_ID ? old : id;
  const newEffective = keep(effective, ids.effective);
  return {
    real: keep(real, ids.real),
    effective: newEffective,
    saved: keep(saved, ids.saved),
    filesystem: newEffective,
  };
}
