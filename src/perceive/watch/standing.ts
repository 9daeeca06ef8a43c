import type { Box } from './box.ts';
import { squaresIn } from './edges.ts';
import type { Measured } from './measure.ts';

/** From when until when the edges within a box stayed as they were at a moment, as far as the looks at the video tell. */
export function standingAround(
  box: Box,
  atMs: number,
  { looks, grid }: Pick<Measured, 'looks' | 'grid'>,
): { readonly startMs: number; readonly endMs: number } {
  const squares = squaresIn(box, grid);
  const stands = (look: number) => {
    const changed = looks[look]?.changed;
    return changed !== undefined && squares.filter((square) => changed[square] === 1).length * 2 < squares.length;
  };
  const at = Math.max(
    0,
    looks.findLastIndex((look) => look.atMs <= atMs),
  );
  let [first, last] = [at, at];
  // A look says what changed since the one before.
  while (first > 0 && stands(first)) first--;
  while (last + 1 < looks.length && stands(last + 1)) last++;
  return { startMs: Math.min(atMs, looks[first]?.atMs ?? atMs), endMs: Math.max(atMs, looks[last]?.atMs ?? atMs) };
}
