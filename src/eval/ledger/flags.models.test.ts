import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openDictionary } from '#words/index.ts';
import { modelFolder } from '../../../test/model-folder.ts';
import { flagFigures } from './flags.ts';

const data = fileURLToPath(new URL('../../../../shared/data/text', import.meta.url));
const isHere = existsSync(data);
if (!isHere) console.log('flags: skipped, there is no ../shared/data/text here.');

it.skipIf(!isHere)(
  'tells the wrong characters of recorded hypotheses with the probabilities it says',
  async () => {
    const { textOnly, withProofread } = await flagFigures(
      data,
      await openDictionary(await modelFolder('chinese-words')),
    );
    for (const [name, one] of Object.entries({ textOnly, withProofread })) {
      const { auroc, ap, recallAtP60, ece, intervals, learning } = one;
      console.log(name, { auroc, ap, recallAtP60, ece }, JSON.stringify(intervals), JSON.stringify(learning));
    }
    expect(textOnly.auroc).toBeGreaterThanOrEqual(0.9);
    expect(textOnly.recallAtP60).toBeGreaterThanOrEqual(0.55);
    expect(textOnly.ece).toBeLessThanOrEqual(0.02);
    expect(withProofread.recallAtP60).toBeGreaterThanOrEqual(0.67);
    expect(withProofread.ece).toBeLessThanOrEqual(0.02);
    expect(textOnly.learning.find(({ utterances }) => utterances === 100)?.auroc).toBeGreaterThan(0.87);
  },
  600_000,
);
