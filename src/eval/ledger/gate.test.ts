import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { formatGate, gateFigures } from './gate.ts';
import { readRecorded, utterancesOf } from './recorded.ts';

const TABLE = [
  'id\treference\tctc_greedy\tattention\tllm_corrected_ctc_somebody',
  'AS01W0001\t没路用的水手\t没录用的水手\t没路用的水手\t没路用的水手',
  'AS01W0002\t温州讯我村\t温证讯我村\t温州讯我村\t温州讯我村。',
  'AS02W0001\t今天去北京\t今天去北京\t今天去北京\t今天北京',
  'AS02W0002\t叫停的情况\t叫停的情况\t叫停的情况\t',
].join('\n');

async function withTable<T>(table: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'gate-'));
  try {
    await writeFile(join(folder, 'small-asr-hypotheses.tsv'), table);
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('counts what the corrections did, with the gate and without', async () => {
  const results = await withTable(TABLE, (folder) => gateFigures(folder));
  expect(results).toMatchObject({
    small: {
      somebody: {
        ...{ utterances: 4, speakers: 2, characters: 21, helped: 1, harmed: 0, deletions: 0, empties: 0, accepted: 1 },
        cerBefore: 2 / 21,
        cerUngated: 6 / 21,
        cerGated: 1 / 21,
        ungated: { helped: 2, harmed: 2, deletions: 6, empties: 1 },
        refused: {
          'other-sound': { edits: 1, wouldHelp: 1, wouldHarm: 0 },
          punctuation: { edits: 1, wouldHelp: 0, wouldHarm: 0 },
          shorter: { edits: 1, wouldHelp: 0, wouldHarm: 1 },
          empty: { edits: 1, wouldHelp: 0, wouldHarm: 1 },
        },
        variants: { 'withReader.attention': { cerGated: 0, helped: 2 } },
      },
    },
  });
  expect(results.small?.somebody?.relative.value).toBeCloseTo(-0.5);
  expect(formatGate(results)).toContain('small somebody: 4 utterances of 2 speakers');
});

test('columns are found by their names, in any order', async () => {
  const [one] = utterancesOf('hypothesis\tllm_corrected_x\treference\tid\n甲\t乙\t丙\tIT0025W0288\n');
  expect(one).toEqual({
    id: 'IT0025W0288',
    speaker: 'IT0025',
    reference: '丙',
    heard: '甲',
    corrected: { x: '乙' },
    readers: {},
  });
  expect(utterancesOf('id\ttext\na\tb')).toEqual([]);
  expect([...(await withTable(TABLE, readRecorded)).keys()]).toEqual(['small']);
});
