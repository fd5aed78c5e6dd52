/** Copies standard input to standard output through the kernel's files, and says on stderr what it saw. */
import { Errno } from "../../kernel/abi/errno.ts";
import { FileGuest } from "../../kernel/testing/file_guest.ts";
import { sysRead, sysWrite } from "../../kernel/syscalls/read_write.ts";
import { TCGETS } from "../../kernel/abi/ioctl.ts";
import { sysIoctl } from "../../kernel/syscalls/ioctl.ts";
import { openHostFiles } from "../../ntdll/files/nt_host_files.ts";
import { Stretch } from "../../ntdll/stretch.ts";

const guest = new FileGuest(openHostFiles(new Stretch()), "/");
const seen: string[] = [0, 1, 2].map((fd) => String(sysIoctl(guest.task, fd, TCGETS, guest.data)));
let reads = 0;
for (;;) {
  const count = await sysRead(guest.task, 0, guest.data, 1000);
  reads++;
  if (typeof count !== "number" || count === 0) {
    seen.push(String(count));
    break;
  }
  const written = sysWrite(guest.task, 1, guest.data, count);
  if (written instanceof Errno) {
    seen.push(String(written));
    break;
  }
}
guest.write(2, `${seen.join(" ")} after ${reads} reads\n`);
