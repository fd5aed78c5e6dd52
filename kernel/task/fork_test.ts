import { EAGAIN } from "../abi/errno.ts";
import { HostRefusal } from "../host.ts";
import { assert } from "../testing/assert.ts";
import { FakeTask } from "../testing/fake_task.ts";

Deno.test("a process that the machine refuses is EAGAIN to the guest", () => {
  const { kernel } = new FakeTask();
  Object.assign(kernel.host, {
    acquireContainer() {
      throw new HostRefusal("out of memory");
    },
  });
  assert(kernel.acquireContainer(64) === EAGAIN);
});
