import { expect, it } from 'vitest';
import { sendRequests } from './run.ts';

const SEED = Number(process.env.HONESTY_SEED ?? 20_261_123);
/** A sample with every run of the fast tests; `npm run test:honesty` sends more than ten thousand in both files together. */
const REQUESTS = Number(process.env.HONESTY_REQUESTS ?? 360);

it('names each medium with its fate in every stream, also in one that breaks off', { timeout: 600_000 }, async () => {
  const { seen, leftOver } = await sendRequests({ stream: true, requests: REQUESTS, seed: SEED });
  console.log(`${REQUESTS} requests, seed ${SEED}\n${seen.table()}`);
  expect(leftOver).toEqual([]);
  // A few requests, as when looking for one mistake, do not meet everything.
  if (REQUESTS >= 5_000) expect(seen.missing(true)).toEqual([]);
});
