import { randomUUID } from 'node:crypto';
import type { Space, StoredItem } from '#contract/vector-store.ts';
import { spaceOf } from '../space.ts';

export const DIMENSIONS = 8;

/** A space nobody had before. */
export function exampleSpace(dimensions: number): Space {
  const identity = { embedder: `exam ${randomUUID()}`, weightsSha256: null, preprocessing: 'none' };
  return spaceOf({ ...identity, dimensions, takes: ['text'] });
}

/** An item with a vector along the first axis, unless said otherwise. */
export function entry(own: Partial<StoredItem>, vector = axis(0)): { item: StoredItem; vector: Float32Array } {
  const id = own.id ?? 'item';
  const place = { tenant: 't', store: 's', file: 'f', modality: 'text' as const };
  const rest = { sha256: 'a'.repeat(64), surrogate: `what ${id} says`, fromMs: null, toMs: null, attributes: {} };
  return { item: { ...place, ...rest, ...own, id }, vector };
}

/** The unit vector along an axis. */
export function axis(at: number, dimensions = DIMENSIONS): Float32Array {
  return new Float32Array(dimensions).fill(1, at, at + 1);
}

/** So many items, their vectors all over the sphere, the same for the same seed. */
export function numbered(
  count: number,
  dimensions = DIMENSIONS,
  seed = 1,
): { item: StoredItem; vector: Float32Array }[] {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  return Array.from({ length: count }, (_, at) =>
    entry({ id: `n${at}` }, unit(Array.from({ length: dimensions }, next), dimensions)),
  );
}

/** The vector of length 1 in that direction. */
export function unit(values: readonly number[], dimensions = DIMENSIONS): Float32Array {
  const vector = new Float32Array(dimensions);
  vector.set(values);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

