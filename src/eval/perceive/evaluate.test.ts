import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SensoriumError } from '#contract/error.ts';
import type { PipelineEvent } from '#contract/events.ts';
import { lossOf } from '#contract/loss.ts';
import type { Transcript } from '#contract/perception.ts';
import type { PerceiveRequest, Sensorium } from '#pipeline/index.ts';
import { evaluatePerception } from './evaluate.ts';
import { formatEvaluation } from './table.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evaluate-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Hears what a file holds, loses something each time, and refuses what is broken. */
function hearing(said: Readonly<Record<string, string>>, asked: PerceiveRequest[] = []): Sensorium {
  async function* perceive(request: PerceiveRequest): AsyncGenerator<PipelineEvent> {
    asked.push(request);
    const name = request.media.kind === 'path' ? (request.media.path.split('/').pop() ?? '') : '';
    const text = said[name];
    if (text === undefined) throw new SensoriumError('media.broken', 'It is broken.', { hint: 'Mend it.' });
    yield { kind: 'loss-noted', loss: lossOf({ kind: 'noisy', stage: 'perceive', message: 'Noise.' }) };
    const transcript: Transcript = {
      ...{ part: 'part-1', kind: 'transcript', text, language: 'zh', languageSource: 'test', durationMs: 2_000 },
      ...{ engine: 'ears', words: [], segments: [] },
    };
    yield { kind: 'part-perceived', perception: transcript };
  }
  return { perceive } as Partial<Sensorium> as Sensorium;
}

async function evaluated(rows: readonly object[], said: Readonly<Record<string, string>>, declare = false) {
  for (const row of rows) await writeFile(join(folder, (row as { file: string }).file), 'bytes');
  await writeFile(join(folder, 'manifest.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
  const asked: PerceiveRequest[] = [];
  const options = { folder, declare, signal: new AbortController().signal };
  return { ...(await evaluatePerception(hearing(said, asked), options)), asked };
}

const audio = (file: string, lang: string, text: string | null, more: object = {}) => ({
  ...{ file, modality: 'audio', lang, text },
  ...more,
});

describe('evaluatePerception', () => {
  it('scores each file, puts languages together, and says what each lost', async () => {
    const { rows, summary } = await evaluated(
      [audio('a.wav', 'zh', '好吧，天地玄黄'), audio('b.wav', 'en', 'Um, yes.'), audio('c.wav', 'zh', '你好')],
      { 'a.wav': '好，天地玄黃', 'b.wav': 'um yes', 'c.wav': '你好' },
    );
    expect(rows.map(({ outcome, losses }) => [outcome, losses])).toEqual([
      ['scored', ['noisy']],
      ['scored', ['noisy']],
      ['scored', ['noisy']],
    ]);
    const [en, zh] = summary.groups;
    expect(en).toMatchObject({ lang: 'en', contentRate: 0, unit: 'word', particles: { said: 1, written: 1 } });
    expect(zh).toMatchObject({ lang: 'zh', files: 2, deletions: 1, length: 8, particles: { said: 1, written: 0 } });
    expect(zh?.verbatimRate).toBeGreaterThan(zh?.contentRate ?? 1);
    expect(zh?.wordForWord?.particles).toEqual({ said: 1, written: 0, kept: 0, recall: 0, precision: null });
    expect(formatEvaluation({ rows, summary })).toContain('zh: particles 0 kept of 1 said, 0 written.');
  });

  it('counts what was invented, and takes a broken file that is refused for right only where that was expected', async () => {
    const expected = { labels: { expect: 'clean error' } };
    const { summary } = await evaluated(
      [
        audio('silence.wav', 'none', ''),
        audio('ghost.wav', 'none', ''),
        audio('broken.wav', 'en', '', expected),
        audio('worse.wav', 'en', 'hello'),
        audio('unknown.wav', 'en', null),
      ],
      { 'silence.wav': '', 'ghost.wav': 'thank you for watching', 'unknown.wav': 'x' },
    );
    expect(summary).toMatchObject({ invented: 4, silentFiles: 2 });
    expect(summary.outcomes).toEqual({
      ...{ scored: 0, 'empty-right': 1, invented: 1, 'refused-right': 1 },
      ...{ skipped: 1, failed: 1 },
    });
  });

  it('tells the language of a row only where that is wanted', async () => {
    const one = [audio('a.wav', 'zh', '你好')];
    expect((await evaluated(one, { 'a.wav': '你好' })).asked[0]?.language).toBeUndefined();
    expect((await evaluated(one, { 'a.wav': '你好' }, true)).asked[0]?.language).toBe('zh');
  });

  it('notices a file that is not the one of its row, and a row that leads outside', async () => {
    const right = createHash('sha256').update('bytes').digest('hex');
    const said = { 'a.wav': 'hi', 'b.wav': 'hi' };
    const { rows } = await evaluated(
      [audio('a.wav', 'en', 'hi', { sha256: right }), audio('b.wav', 'en', 'hi', { sha256: '0'.repeat(64) })],
      said,
    );
    expect(rows.map(({ outcome }) => outcome)).toEqual(['scored', 'failed']);
    await writeFile(join(folder, 'manifest.jsonl'), JSON.stringify(audio('../a.wav', 'en', 'hi')));
    const options = { folder, declare: false, signal: new AbortController().signal };
    await expect(evaluatePerception(hearing(said), options)).rejects.toMatchObject({ code: 'config.invalid' });
  });

  it('says which line of a manifest is wrong, and where there is none', async () => {
    await writeFile(join(folder, 'manifest.jsonl'), '{"file":"a.wav","modality":"audio"}\n{"file":1}\n');
    const options = { folder, declare: false, signal: new AbortController().signal };
    await expect(evaluatePerception(hearing({}), options)).rejects.toThrow(/Line 2/);
    await expect(evaluatePerception(hearing({}), { ...options, folder: '/nowhere' })).rejects.toMatchObject({
      code: 'media.not-found',
    });
  });
});
