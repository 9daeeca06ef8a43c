import { SensoriumError } from '#contract/error.ts';

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
