import { expect, it } from 'vitest';
import { craftedTensor } from '../../src/kit/tensor/__fixtures__/crafted.ts';
import { endOfReading } from '../../src/kit/tensor/__fixtures__/ends-well.ts';

const RUNS = Number(process.env.HOSTILE_TENSORS ?? 120_000);
const SEED = Number(process.env.HOSTILE_SEED ?? Date.now() % 2 ** 31);
const MORE_MB = 150;

it(`${RUNS} crafted tensors end well and leave no memory behind`, () => {
  console.log(`HOSTILE_SEED=${SEED}`);
  const ends = new Map<string, number>();
  const slips: string[] = [];
  let before = 0;
  for (let n = 0; n < RUNS; n++) {
    const { end, slip } = endOfReading(craftedTensor(SEED + n));
    ends.set(end, (ends.get(end) ?? 0) + 1);
    if (slip !== null) slips.push(`HOSTILE_SEED=${SEED + n}: ${slip}`);
    // Until then what is read and compiled once has been.
    if (n === Math.min(20_000, RUNS >> 1)) before = process.memoryUsage().rss;
  }
  const moreMb = (process.memoryUsage().rss - before) / 1e6;
  console.log([...ends].map(([end, count]) => `${count} ${end}`).join(', '), `and ${moreMb.toFixed(0)} MB more`);
  expect(slips).toEqual([]);
  expect(moreMb).toBeLessThan(MORE_MB);
  expect(ends.get('read')).toBeGreaterThan(0);
});
