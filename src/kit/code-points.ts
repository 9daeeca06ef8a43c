/** How many Unicode code points a text has, which is what places in it are counted by. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
