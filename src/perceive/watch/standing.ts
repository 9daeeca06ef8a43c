import type { Box } from './box.ts';
import { squaresIn } from './edges.ts';
import type { Measured } from './measure.ts';

/**
 * From when until when a line stood, as far as the looks at the video tell: while at most half of the squares with its edges changed.
 * Where it has no edges that are sharp enough, nothing is known beyond the moment it was read.
 */
export function standingAround(
  box: Box,
  atMs: number,
  { looks, grid }: Pick<Measured, 'looks' | 'grid'>,
): { readonly startMs: number; readonly endMs: number } {
  const at = Math.max(
    0,
    looks.findLastIndex((look) => look.atMs <= atMs),
  );
  const squares = squaresIn(box, grid).filter((square) => looks[at]?.written[square] === 1);
  const stands = (look: number) => {
    const changed = squares.filter((square) => looks[look]?.changed[square] === 1).length;
    return looks[look] !== undefined && changed * 2 < squares.length;
  };
  let [first, last] = [at, at];
  // A look says what changed since the one before.
  while (first > 0 && stands(first)) first--;
  while (stands(last + 1)) last++;
  return { startMs: Math.min(atMs, looks[first]?.atMs ?? atMs), endMs: Math.max(atMs, looks[last]?.atMs ?? atMs) };
}
