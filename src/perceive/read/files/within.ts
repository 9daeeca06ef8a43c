import type { FileLoss, FileToRead, FoundPicture } from './told.ts';

/** Blocks as far as their text fits into `mostChars`, and what is lost where it does not. */
export function within(
  blocks: readonly (string | FoundPicture)[],
  mostChars: number,
): { readonly kept: readonly (string | FoundPicture)[]; readonly loss: FileLoss | null } {
  let left = mostChars;
  const kept: (string | FoundPicture)[] = [];
  let lost = 0;
  for (const block of blocks) {
    const length = typeof block === 'string' ? block.length : 0;
    if (lost === 0 && length <= left) kept.push(block);
    else {
      if (lost === 0 && typeof block === 'string') kept.push(block.slice(0, left));
      lost += lost === 0 ? length - left : length;
    }
    left -= length;
  }
  if (lost === 0) return { kept, loss: null };
  return {
    kept,
    loss: {
      kind: 'text-truncated',
      extent: lost,
      unit: 'characters',
      message: `The document has ${lost} characters more than the ${mostChars} that are read of one.`,
      action: 'the text stops there',
    },
  };
}

/** That only the beginning of a file was looked at. */
export function cutOff({ bytes, sizeBytes }: FileToRead): FileLoss {
  return {
    kind: 'text-truncated',
    extent: sizeBytes - bytes.length,
    unit: 'bytes',
    message: `Only the first ${bytes.length} of ${sizeBytes} bytes were read.`,
    action: 'the text stops there',
  };
}
