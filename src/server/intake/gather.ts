const BLOCK_BYTES = 64 * 1024;

/** Collects bytes in few blocks, however small the pieces are: a body may come one byte at a time. */
export function gatherer(): { add(bytes: Buffer): void; all(): Buffer } {
  const full: Buffer[] = [];
  let block = Buffer.allocUnsafe(BLOCK_BYTES);
  let used = 0;
  return {
    add(bytes) {
      for (let from = 0; from < bytes.length; ) {
        if (used === block.length) {
          full.push(block);
          block = Buffer.allocUnsafe(BLOCK_BYTES);
          used = 0;
        }
        const copied = bytes.copy(block, used, from);
        used += copied;
        from += copied;
      }
    },
    all: () => Buffer.concat([...full, block.subarray(0, used)]),
  };
}
