import { randomFrom } from '#score/index.ts';
import { noisy, scaledBy } from './positive.ts';
import { eachRow, type Family, normOf, shuffled } from './table.ts';

const pooled: Family =
  async (own) =>
  async ({ tokens }) => {
    const values = await own.rows(tokens);
    const mean = new Float32Array(own.width);
    eachRow(values, own.width, (row) =>
      row.forEach((value, at) => {
        mean[at] = (mean[at] as number) + value / tokens.length;
      }),
    );
    return eachRow(new Float32Array(values.length), own.width, (row) => row.set(mean));
  };

const orderDestroyed: Family = async (own, seed) => {
  const random = randomFrom(seed);
  return ({ tokens }) => own.rows(Array.from(shuffled(tokens.length, random), (at) => tokens[at] as number));
};

/** Vectors that tell a model something, though little: neither hostile nor good. What the gate says of them is on record. */
export const BETWEEN: Readonly<Record<string, Family>> = {
  orderDestroyed,
  pooled,
  signsFlipped: scaledBy(-1),
  quarter: scaledBy(0.25),
  half: scaledBy(0.5),
  oneBit:
    async (own) =>
    async ({ tokens }) =>
      eachRow(Float32Array.from(await own.rows(tokens)), own.width, (row) => {
        const each = normOf(row) / Math.sqrt(row.length);
        for (let at = 0; at < row.length; at++) row[at] = (row[at] as number) < 0 ? -each : each;
      }),
  thirtyTwofold: scaledBy(32),
  noiseTenfold: (own, seed) => noisy(own, seed, 0.1),
};
