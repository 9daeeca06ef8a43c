import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openDictionary } from '#words/index.ts';
import { modelFolder } from '../../../test/model-folder.ts';
import { formatGlossary, glossaryFigures } from './glossary.ts';

const data = fileURLToPath(new URL('../../../../shared/data/text', import.meta.url));
const isHere = existsSync(data);
if (!isHere) console.log('glossary: skipped, there is no ../shared/data/text here.');

it.skipIf(!isHere)(
  'gives misheard words back and puts in hardly any that nobody said',
  async () => {
    const results = await glossaryFigures(data, await openDictionary(await modelFolder('chinese-words')));
    console.log(formatGlossary(results));
    for (const kinds of Object.values(results)) {
      const { withDictionary, withoutDictionary, shortWithDictionary } = kinds;
      expect(withDictionary?.recovered.value).toBeGreaterThan(withoutDictionary?.recovered.value ?? 1);
      expect(shortWithDictionary?.recovered.value).toBeGreaterThan(withDictionary?.recovered.value ?? 1);
      for (const { cerRelative, falseShare } of Object.values(kinds)) {
        expect(cerRelative.value).toBeLessThanOrEqual(0);
        expect(falseShare.value).toBeLessThan(0.005);
      }
    }
  },
  300_000,
);
