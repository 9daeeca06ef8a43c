import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomFrom } from '#score/index.ts';
import { dictionaryFrom } from '#words/index.ts';
import { flagFigures } from './flags.ts';

const dictionary = await dictionaryFrom('今天 900 t\n天气 800 n\n很 900 d\n好 900 a\n田 20 n\n期 30 n');

/** What was said is always the same; the first decoder errs here and there, and the second says something else there in `told` of the cases. */
function table(rows: number, told: number, columns = ['ctc_greedy', 'attention', 'llm_corrected_ctc_gpt4o']): string {
  const random = randomFrom(rows);
  const said = '今天天气很好';
  const lines = Array.from({ length: rows }, (_, row) => {
    const heard = [...said].map((character) => (random() < 0.1 ? '田' : character)).join('');
    const other = random() < told ? said : heard;
    const cells: Record<string, string> = { ctc_greedy: heard, attention: other, llm_corrected_ctc_gpt4o: said };
    return [`S${row % 8}W${row}`, said, ...columns.map((name) => cells[name])].join('\t');
  });
  return [['id', 'reference', ...columns].join('\t'), ...lines].join('\n');
}

describe('how well wrong characters are told', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sensorium-flags-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const figures = async (text: string) => {
    await writeFile(join(folder, 'made-asr-hypotheses.tsv'), text);
    return flagFigures(folder, dictionary);
  };

  it('is as good as what the second decoder and the corrector know', async () => {
    const { textOnly, withProofread } = await figures(table(120, 0.5));
    expect(withProofread.auroc).toBeGreaterThan(0.99);
    expect(withProofread.recallAtP60).toBe(1);
    expect(textOnly.ece).toBeLessThan(0.05);
    expect(textOnly).toMatchObject({ characters: 720, speakers: 8, reason: null });
    expect(textOnly.expectedRate).toBeCloseTo(textOnly.observedRate ?? 0, 1);
    const { low, high } = textOnly.intervals?.auroc ?? { low: null, high: null };
    expect(low).toBeLessThanOrEqual(textOnly.auroc ?? 0);
    expect(high).toBeGreaterThanOrEqual(textOnly.auroc ?? 1);
    expect(textOnly.learning.map(({ utterances }) => utterances)).toEqual([30]);
    expect(textOnly.bins.reduce((sum, { items }) => sum + items, 0)).toBe(720);
  });

  it('is null with a reason where a column is missing, or too little is wrong', async () => {
    const none = { auroc: null, ap: null, recallAtP60: null, ece: null };
    const alone = await figures(table(60, 1, ['ctc_greedy']));
    expect(alone.textOnly).toMatchObject({ ...none, reason: expect.stringMatching(/another decoder/) });
    const uncorrected = await figures(table(120, 1, ['ctc_greedy', 'attention']));
    expect(uncorrected.textOnly.auroc).toBeGreaterThan(0.9);
    expect(uncorrected.withProofread).toMatchObject({ ...none, reason: expect.stringMatching(/language model/) });
    expect((await figures(table(3, 1))).textOnly).toMatchObject({ ...none, reason: expect.stringMatching(/too few/) });
  });
});
