/** Whole numbers 1…255 around 128, and for each block the float that one step stands for. */
export interface Quantised {
  readonly values: Uint8Array;
  readonly scales: Float32Array;
}

/** The whole number that stands for zero. */
export const ZERO = 128;
const MOST = 127;
const MAX_FLOAT32 = (2 - 2 ** -23) * 2 ** 127;

/**
 * Rounds numbers to 8 bits, each `block` of them by a step of their own: the greatest magnitude becomes ±127 steps, so no
 * number moves by more than half a step. Throws on numbers that are not finite. `floats` must be whole blocks.
 */
export function quantise(floats: Float32Array, block: number): Quantised {
  const values = new Uint8Array(floats.length);
  const scales = new Float32Array(floats.length / block);
  for (let at = 0; at < scales.length; at += 1) {
    const numbers = floats.subarray(at * block, (at + 1) * block);
    const scale = Math.fround(greatest(numbers) / MOST);
    scales[at] = scale;
    for (let within = 0; within < block; within += 1) {
      const steps = scale === 0 ? 0 : Math.round((numbers[within] ?? 0) / scale);
      values[at * block + within] = ZERO + Math.max(-MOST, Math.min(MOST, steps));
    }
  }
  return { values, scales };
}

function greatest(numbers: Float32Array): number {
  let most = 0;
  for (const value of numbers) {
    const magnitude = Math.abs(value);
    // The other way round a NaN would pass.
    if (!(magnitude <= MAX_FLOAT32)) throw new Error('A weight is not a finite number.');
    if (magnitude > most) most = magnitude;
  }
  return most;
}
