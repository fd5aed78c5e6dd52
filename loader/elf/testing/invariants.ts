/** What must hold of every image that `readElf` accepts, however damaged the file was. */
import { assert, assertEquals } from "./assert.ts";
import { PROT_EXEC, PROT_READ } from "../../../kernel/host.ts";
import { codeRanges, type ElfImage, type ElfSource, MMAP_MIN_ADDR, TASK_SIZE } from "../mod.ts";

export function assertSane(image: ElfImage, source: ElfSource): void {
  const limit = TASK_SIZE[image.bits];
  assert(image.segments.length > 0);
  assert(image.lowest >= (image.type === "exec" ? MMAP_MIN_ADDR : 0) && image.highest <= limit);
  assert(image.lowest < image.highest && image.lowest % 4096 === 0 && image.highest % 4096 === 0);
  assert(image.alignment >= 4096 && image.alignment < limit && Number.isInteger(Math.log2(image.alignment)));
  assert(image.brk <= limit);

  let total = 0;
  for (const s of image.segments) {
    assert(s.fileSize <= s.memorySize && s.address + s.memorySize <= limit);
    for (const n of [s.mapAddress, s.mapSize, s.mapOffset, s.bssStart, s.bssSize]) assertEquals(n % 4096, 0);
    assertEquals(s.bssStart, s.mapAddress + s.mapSize);
    total += s.mapSize + s.bssSize;
    if (s.memorySize === 0) {
      assertEquals(s.mapSize + s.bssSize, 0);
      continue;
    }
    assert(s.mapAddress <= s.address && s.bssStart + s.bssSize >= s.address + s.memorySize);
    assert(s.mapAddress >= image.lowest && s.bssStart + s.bssSize <= image.highest);
    assert(s.bssStart + s.bssSize < s.address + s.memorySize + 4096);
    if (s.fileSize === 0) {
      assert(s.mapSize === 0 && s.zeroSize === 0);
      continue;
    }
    assert(s.fileOffset + s.fileSize <= source.size && s.mapOffset >= 0);
    assertEquals(s.fileOffset - s.mapOffset, s.address - s.mapAddress);
    assertEquals(s.zeroStart, s.address + s.fileSize);
    assert(s.zeroSize === 0 || s.zeroStart + s.zeroSize === s.bssStart);
    assert(s.mapOffset + s.mapSize < source.size + 4096);
  }
  assert(total <= 2 ** 40, `maps ${total} bytes`);

  const loaded = image.segments.filter((s) => s.memorySize > 0).sort((a, b) => a.address - b.address);
  loaded.reduce((a, b) => {
    assert(a.address + a.memorySize <= b.address);
    return b;
  });
  const home = image.segments.findLast((s) =>
    image.entry >= s.mapAddress && image.entry < s.bssStart + s.bssSize
  );
  assert(home !== undefined);
  assert((home.prot & (PROT_EXEC | (image.readImpliesExec ? PROT_READ : 0))) !== 0);
  for (const part of [image.ehFrameHeader, image.relro, image.property]) {
    assert(part === undefined || loaded.some((s) => part.address >= s.address));
  }
  assertCodeRanges(image, source);
}

function assertCodeRanges(image: ElfImage, source: ElfSource): void {
  let last = -1;
  for (const { start, end } of codeRanges(image, source)) {
    assert(start > last && end > start);
    last = end;
    const inFile = image.segments.filter((s) => s.fileSize > 0);
    // A range can join segments that touch; both its ends lie in file bytes.
    assert(inFile.some((s) => start >= s.address && start < s.address + s.fileSize));
    assert(inFile.some((s) => end > s.address && end <= s.address + s.fileSize));
  }
}
