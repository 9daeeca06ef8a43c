import { randomFrom } from '#score/index.ts';
import { eachRow, type Family, gaussianOf, normOf, type Spoiled, type Table } from './table.ts';

/** Own rows, louder or softer. */
export const scaledBy =
  (factor: number): Family =>
  async (own) =>
  async ({ tokens }) =>
    (await own.rows(tokens)).map((value) => value * factor);

/** Own rows with noise of as much power over this. */
export async function noisy(
  own: Table,
  seed: number,
  signalToNoise: number,
): Promise<(item: Spoiled) => Promise<Float32Array>> {
  const gaussian = gaussianOf(randomFrom(seed));
  return async ({ tokens }) =>
    eachRow(Float32Array.from(await own.rows(tokens)), own.width, (row) => {
      const each = normOf(row) / Math.sqrt(row.length * signalToNoise);
      for (let at = 0; at < row.length; at++) row[at] = (row[at] as number) + each * gaussian();
    });
}

const rounded =
  (levels: number): Family =>
  async (own) =>
  async ({ tokens }) =>
    eachRow(Float32Array.from(await own.rows(tokens)), own.width, (row) => {
      const step = row.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / levels || 1;
      for (let at = 0; at < row.length; at++) row[at] = Math.round((row[at] as number) / step) * step;
    });

/** Vectors a model understands. Each must be let through. */
export const POSITIVE: Readonly<Record<string, Family>> = {
  ownTable: scaledBy(1),
  twofold: scaledBy(2),
  fourfold: scaledBy(4),
  eightBits: rounded(127),
  noiseAsLoud: (own, seed) => noisy(own, seed, 1),
};
