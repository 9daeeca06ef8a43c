import { SensoriumError } from '#contract/error.ts';
import type { Hit, Space, StoredItem, VectorStore } from '#contract/vector-store.ts';
import { orCancelled, throwIfCancelled } from '#kit/abort.ts';
import { checkFilter } from './filter.ts';
import { sameSpace } from './space.ts';

const MAX_LIMIT = 1_000;
/** Equal ones beyond these are not looked for. */
const MAX_TIES = 8_000;
/** A cosine of float32 vectors is good to about seven digits: beyond six, equal vectors may differ by the order of a sum. */
const DIGITS = 1e6;
/** A float16 vector that was normalised before it was rounded is this near to length 1. */
const LENGTH_TOLERANCE = 0.01;

/**
 * What every engine's door has in common, so that an engine only translates: nothing after `close`, nothing for a cancelled caller, no
 * space that was never opened, no vector of another size, no filter or limit out of bounds; equal hits in the order of their ids,
 * also where the limit cuts through them. Engines return themselves wrapped in this.
 */
export function guarded(engine: VectorStore): VectorStore {
  const known = new Map<string, Space>();
  let closing: Promise<void> | undefined;

  function start(signal: AbortSignal): void {
    throwIfCancelled(signal);
    if (closing !== undefined)
      throw new SensoriumError('store.unusable', 'The vector store is closed.', { hint: 'Open it again.' });
  }

  async function find(id: string, signal: AbortSignal): Promise<Space> {
    start(signal);
    if (!known.has(id))
      for (const space of await orCancelled(engine.spaces(signal), signal)) known.set(space.id, space);
    const space = known.get(id);
    if (space) return space;
    throw new SensoriumError('store.unknown', 'There is no such space of vectors.', {
      hint: 'Open the space first: it is made when the first item of its embedder is added.',
      details: { space: id },
    });
  }

  return {
    id: engine.id,
    async open(space, signal) {
      start(signal);
      const before = known.get(space.id);
      if (before && !sameSpace(before, space)) throw spaceMismatch(before, space);
      await orCancelled(engine.open(space, signal), signal);
      known.set(space.id, space);
    },
    async spaces(signal) {
      start(signal);
      return orCancelled(engine.spaces(signal), signal);
    },
    async put(id, items, signal) {
      const space = await find(id, signal);
      for (const { vector } of items) checkVector(vector, space);
      const last = new Map(items.map((entry) => [entry.item.id, entry]));
      if (last.size > 0) await orCancelled(engine.put(id, [...last.values()], signal), signal);
    },
    async remove(id, which, signal) {
      await find(id, signal);
      return orCancelled(engine.remove(id, which, signal), signal);
    },
    async search(id, query, signal) {
      checkVector(query.vector, await find(id, signal));
      checkLimit(query.limit);
      if (query.which.filter) checkFilter(query.which.filter);
      for (let limit = query.limit + 1; ; limit *= 4) {
        const found = await orCancelled(engine.search(id, { ...query, limit }, signal), signal);
        const hits = found.hits.map(rounded).sort(byNearness);
        const cut = hits[query.limit - 1]?.similarity;
        const cutsTies = hits.length >= limit && cut !== undefined && hits.at(-1)?.similarity === cut;
        if (!cutsTies || limit > MAX_TIES) return { ...found, hits: hits.slice(0, query.limit) };
      }
    },
    async count(id, which, signal) {
      await find(id, signal);
      if (which.filter) checkFilter(which.filter);
      return orCancelled(engine.count(id, which, signal), signal);
    },
    async stats(id, signal) {
      await find(id, signal);
      return orCancelled(engine.stats(id, signal), signal);
    },
    async optimize(id, signal) {
      await find(id, signal);
      await orCancelled(engine.optimize(id, signal), signal);
    },
    close() {
      closing ??= engine.close();
      return closing;
    },
  };
}

/** What `open` throws where a space of that id was made by another embedder, or in another way. */
export function spaceMismatch(there: Space, asked: Space): SensoriumError {
  return new SensoriumError(
    'store.space-mismatch',
    `The space was made by ${there.embedder} with ${there.dimensions} dimensions; ${asked.embedder} with ${asked.dimensions} cannot share it.`,
    { hint: 'Use spaceOf() for its id, which differs for each embedder.', details: { space: there.id } },
  );
}

function checkVector(vector: Float32Array, space: Space): void {
  if (vector.length !== space.dimensions) {
    throw new SensoriumError(
      'store.space-mismatch',
      `A vector of ${vector.length} dimensions does not belong in a space of ${space.dimensions}.`,
      { hint: `Make it with ${space.embedder}.`, details: { dimensions: vector.length, needed: space.dimensions } },
    );
  }
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (Math.abs(length - 1) < LENGTH_TOLERANCE) return;
  throw new SensoriumError('store.bad-request', 'A vector is not of length 1, or not finite.', {
    hint: 'Normalise vectors before they are kept or searched for.',
  });
}

function checkLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return;
  throw new SensoriumError('store.bad-request', `${limit} items cannot be looked for.`, {
    hint: `Ask for 1 to ${MAX_LIMIT}.`,
  });
}

function rounded({ item, similarity }: Hit): Hit {
  return { item, similarity: Math.round(similarity * DIGITS) / DIGITS };
}

function byNearness(a: Hit, b: Hit): number {
  return b.similarity - a.similarity || inOrder(a.item, b.item);
}

function inOrder(a: StoredItem, b: StoredItem): number {
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}
