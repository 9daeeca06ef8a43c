import { expect, it } from 'vitest';
import { keepOne } from './keep-one.ts';

it('loads once for all who ask at the same time, and again for another folder', async () => {
  const loads: string[] = [];
  const model = keepOne(async (modelDir) => {
    loads.push(modelDir);
    return modelDir;
  });
  expect(await Promise.all([model('a'), model('a')])).toEqual(['a', 'a']);
  expect(await model('b')).toBe('b');
  expect(await model('a')).toBe('a');
  expect(loads).toEqual(['a', 'b', 'a']);
});

it('tries again what failed, but lets nothing that came after it go', async () => {
  let loads = 0;
  const model = keepOne(async (modelDir) => {
    loads += 1;
    if (modelDir === 'broken') throw new Error('no model');
    return modelDir;
  });
  const broken = model('broken');
  const good = model('good');
  await expect(broken).rejects.toThrow('no model');
  expect(model('good')).toBe(good);
  await expect(model('broken')).rejects.toThrow('no model');
  expect(loads).toBe(3);
});
