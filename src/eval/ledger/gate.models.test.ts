import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { formatGate, gateFigures } from './gate.ts';

const data = fileURLToPath(new URL('../../../../shared/data/text', import.meta.url));
const isHere = existsSync(data);
if (!isHere) console.log('gate: skipped, there is no ../shared/data/text here.');

it.skipIf(!isHere)(
  'keeps what recorded corrections got right and refuses what they made worse',
  async () => {
    const results = await gateFigures(data);
    console.log(formatGate(results));
    const { gpt4o, deepseek } = results.aishell1 ?? {};
    expect(gpt4o?.relative.value).toBeLessThan(-0.25);
    expect(gpt4o?.harmed).toBeLessThanOrEqual(100);
    expect((gpt4o?.helped ?? 0) / (gpt4o?.harmed ?? 1)).toBeGreaterThanOrEqual(9);
    expect(deepseek?.relative.value).toBeLessThan(-0.12);
    expect(results.aishell2?.deepseek?.relative.value).toBeLessThan(-0.24);
    for (const figures of Object.values(results).flatMap((set) => Object.values(set))) {
      expect(figures.cerGated).toBeLessThan(figures.cerUngated);
      expect(figures.empties).toBe(0);
      expect(figures.deletions).toBeLessThanOrEqual(figures.deletionsBefore);
    }
  },
  120_000,
);
