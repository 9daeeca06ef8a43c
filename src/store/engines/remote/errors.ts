import { SensoriumError } from '#contract/error.ts';
import type { Space } from '#contract/vector-store.ts';

/** The store does not answer, or stopped answering. */
export function unreachable(where: string, why: string, cause?: unknown): SensoriumError {
  return new SensoriumError('store.unreachable', `The vector store at ${where} cannot be reached: ${why}.`, {
    hint: 'Is the server running, and are its address and the network right? What was acknowledged is kept.',
    details: { host: where },
    cause,
  });
}

/** The store answers, and will not do what is asked. `hint` is what a person can do about it. */
export function unusable(where: string, why: string, hint: string, cause?: unknown): SensoriumError {
  return new SensoriumError('store.unusable', `The vector store at ${where} cannot be used: ${why}.`, {
    hint,
    details: { host: where },
    cause,
  });
}

/** No room is left where the vectors are kept. */
export function diskFull(where: string, cause?: unknown): SensoriumError {
  return new SensoriumError('store.disk-full', `The vector store at ${where} has no room left on its disk.`, {
    hint: 'Make room there, then add again what was not acknowledged.',
    details: { host: where },
    cause,
  });
}

/** A space that nobody has opened in this store. */
export function unknownSpace(space: string): SensoriumError {
  return new SensoriumError('store.unknown', `There is no space called ${space} in the vector store.`, {
    hint: 'Add something to it first: a space is made by the first thing that is added.',
    details: { space },
  });
}

/** Refuses a space that is kept here under the same id and was made otherwise. Throws `store.space-mismatch`. */
export function mustBeSame(kept: Space, wanted: Space): void {
  const told = (space: Space) =>
    JSON.stringify([
      space.id,
      space.embedder,
      space.weightsSha256,
      space.dimensions,
      space.metric,
      space.preprocessing,
      [...space.takes].sort(),
    ]);
  if (told(kept) === told(wanted)) return;
  throw new SensoriumError('store.space-mismatch', `The space ${wanted.id} was made by ${kept.embedder}, otherwise.`, {
    hint: 'Vectors of two embedders cannot be compared. Use the embedder the space was made with, or add everything to a new store.',
    details: { space: wanted.id, kept: kept.embedder, wanted: wanted.embedder },
  });
}

/** Refuses a vector that is not one of its space. Throws `store.space-mismatch`. */
export function mustFit(vector: Float32Array, space: Space): void {
  if (vector.length === space.dimensions && vector.every(Number.isFinite)) return;
  const what =
    vector.length === space.dimensions
      ? 'holds what is no number'
      : `has ${vector.length} numbers, not ${space.dimensions}`;
  throw new SensoriumError('store.space-mismatch', `A vector for the space ${space.id} ${what}.`, {
    hint: `Embed it with ${space.embedder}, which made the space.`,
    details: { space: space.id },
  });
}
