import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dictionaryFrom } from '#words/index.ts';
import { formatGlossary, glossaryFigures } from './glossary.ts';

const TABLE = [
  'id\treference\thypothesis',
  'IT01W0001\t他们心无旁骛地工作\t他们新屋旁物地工作',
  'IT01W0002\t今天回应撤资\t今天回应撤资',
  'IT02W0001\t今天他们工作\t今天他们工坐',
].join('\n');

const WORDS =
  '他们 90000 r\n心无旁骛 300 l\n地 90000 uv\n工作 90000 v\n今天 90000 t\n回应 8000 v\n撤资 300 v\n坐 3 v\n工 30 n\n偏僻词 2 n\n';

test('counts the misheard words that come back and what nobody said', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'glossary-'));
  try {
    await writeFile(join(folder, 'small-asr-hypotheses.tsv'), TABLE);
    const results = await glossaryFigures(folder, await dictionaryFrom(WORDS));
    const { withDictionary, withoutDictionary, shortWithoutDictionary } = results.small ?? {};
    // 工作 is too short to be found by its sound alone.
    expect(withDictionary).toMatchObject({ utterances: 3, terms: 3, missed: 2, harmed: 0, falseInsertions: 0 });
    expect(withDictionary?.recovered.value).toBe(1);
    expect(withoutDictionary?.recovered.value).toBe(0.5);
    expect(withoutDictionary?.cerRelative.value).toBeCloseTo(-0.75);
    expect(shortWithoutDictionary?.terms).toBe(1);
    expect(formatGlossary(results)).toContain('small withDictionary: 2 words misheard');
  } finally {
    await rm(folder, { recursive: true });
  }
});
