/** An open file as the end of /proc/pid/fd/N: opening it again reopens the file itself, whatever its name says now. */
import { ENXIO, type Errno } from "../../abi/errno.ts";
import { type AttributeChanges, type FileSystem, Inode, type OpenRequest } from "../inode.ts";
import { type Location, Mount } from "../mount.ts";
import type { OpenFile } from "../open_file.ts";
import type { Stat } from "../stat.ts";

export class OpenFileInode extends Inode {
  override readonly type: number;
  override readonly path: string;

  constructor(override readonly fs: FileSystem, readonly file: OpenFile) {
    super();
    this.type = file.type;
    this.path = file.description;
  }
  override stat(into: Stat): 0 | Errno {
    return this.file.stat(into);
  }
  override open(request: OpenRequest): OpenFile | Errno {
    return this.file.reopen(request) ?? ENXIO;
  }
  override truncate(size: number): 0 | Errno {
    return this.file.truncate(size);
  }
  override setAttributes(changes: AttributeChanges): 0 | Errno {
    return this.file.setAttributes(changes);
  }
}

/** The place of a file without a name, or whose name is gone. */
export function namelessPlace(fs: FileSystem, file: OpenFile): Location {
  return { mount: new Mount(fs, undefined, "", undefined), inode: new OpenFileInode(fs, file) };
}
