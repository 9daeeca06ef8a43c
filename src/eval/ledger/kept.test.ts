import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fate, gapsIn, keptFigures } from './kept.ts';

describe('what became of particles', () => {
  it('is told in their places: another particle is not the same', () => {
    const of = (reference: string, text: string) => {
      const { kept, swapped, changed, deleted, added } = fate(reference, text);
      return { kept, swapped, changed, deleted, added };
    };
    const none = { kept: 0, swapped: 0, changed: 0, deleted: 0, added: 0 };
    expect(of('好吧走', '好吧走')).toEqual({ ...none, kept: 1 });
    expect(of('好吧走', '好啊走')).toEqual({ ...none, swapped: 1 });
    expect(of('好吧走', '好把走')).toEqual({ ...none, changed: 1 });
    expect(of('好吧走', '好走')).toEqual({ ...none, deleted: 1 });
    expect(of('好走', '好走吧')).toEqual({ ...none, added: 1 });
    expect(of('去酒吧', '去酒吧')).toEqual(none);
  });

  it('is counted over the files of a folder, with an interval over speakers, and again behind the gate', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sensorium-kept-'));
    const rows = [
      ['id', 'reference', 'hypothesis', 'llm_corrected_gpt4o', 'llm_corrected_deepseek'],
      ['IT0001W0001', '我们走吧', '我们走吧', '我们走', ''],
      ['IT0002W0001', '你去吗', '你去吗', '你去吗', '你去吗'],
    ];
    await writeFile(join(folder, 'aishell2-asr-hypotheses.tsv'), `${rows.map((row) => row.join('\t')).join('\n')}\n`);
    const { particles, gaps } = await keptFigures(folder);
    await rm(folder, { recursive: true });
    expect(gaps).toEqual({});
    expect(particles['aishell2.hypothesis']).toMatchObject({ characters: 7, particles: 2, recall: { value: 1 } });
    expect(particles['aishell2.llm_corrected_gpt4o']).toMatchObject({
      recall: { value: 0.5, low: 0, high: 1 },
      deleted: 1,
    });
    expect(particles['aishell2.llm_corrected_gpt4o.gated']?.recall.value).toBe(1);
    expect(particles['aishell2.llm_corrected_deepseek']).toMatchObject({ empty: 1, deleted: 1 });
    expect(particles['aishell2.llm_corrected_deepseek.gated']).toMatchObject({ empty: 0, deleted: 0 });
  });
});

it('finds what one reader lacks where another has more', () => {
  expect(gapsIn('今天去公园', '今天公园', '今天去公园')).toEqual({ deletions: 1, gaps: 1, shown: 1, right: 1 });
  expect(gapsIn('今天公园', '今天公园', '今天公园里')).toEqual({ deletions: 0, gaps: 1, shown: 0, right: 0 });
  expect(gapsIn('今天去公园', '今天公园', '今天公园')).toEqual({ deletions: 1, gaps: 0, shown: 0, right: 0 });
});
