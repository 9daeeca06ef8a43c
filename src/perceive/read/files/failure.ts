import { SensoriumError } from '#contract/error.ts';

/** The file is not what it says, or only part of it. */
export function broken(name: string, what: string, cause?: unknown): SensoriumError {
  return new SensoriumError('read.broken', `${name} cannot be read: ${what}.`, {
    hint: 'Check that it opens in the program it comes from; save it there again.',
    cause,
  });
}

/** The file asks for a password, or for a right that only its shop gives. */
export function encrypted(name: string): SensoriumError {
  return new SensoriumError('read.encrypted', `${name} is encrypted.`, {
    hint: 'Open it with its password, save a copy without one, and give that.',
  });
}

/** The file would cost more than a document may. */
export function tooLarge(name: string, what: string): SensoriumError {
  return new SensoriumError('read.too-large', `${name} ${what}.`, {
    hint: 'Cut it into parts, or save what matters of it as plain text or PDF.',
  });
}
