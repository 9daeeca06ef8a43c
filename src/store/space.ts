import { createHash } from 'node:crypto';
import type { Space } from '#contract/vector-store.ts';

/** The space of an embedder, its id a hash of who makes the vectors and how. The order of `takes` means nothing. */
export function spaceOf(identity: Omit<Space, 'id' | 'metric'>): Space {
  const { embedder, weightsSha256, dimensions, preprocessing } = identity;
  const takes = [...new Set(identity.takes)].sort();
  const told = JSON.stringify(['cosine', embedder, weightsSha256, dimensions, preprocessing, takes]);
  const id = `s_${createHash('sha256').update(told).digest('hex').slice(0, 32)}`;
  return { id, embedder, weightsSha256, dimensions, metric: 'cosine', preprocessing, takes };
}

/** Whether two descriptions are of one space. */
export function sameSpace(a: Space, b: Space): boolean {
  return a.id === b.id && spaceOf(a).id === spaceOf(b).id;
}
