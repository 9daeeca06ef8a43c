import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Loss } from '#contract/loss.ts';
import type { Cue, Segment, Transcript } from '#contract/perception.ts';
import type { ComponentInput } from '#contract/ports.ts';
import { tableModel, WIDTH } from './__fixtures__/table-model.ts';
import { remembering } from './cache.ts';
import { identity } from './identity.ts';
import { openComponent } from './open.ts';
import { markersOf, ownTable } from './own-table.ts';
import { stretchesOf } from './spoken.ts';

const { signal } = new AbortController();
const context = { signal, note: () => {} };
const words = (text: string): ComponentInput => ({ part: 'part-1', media: null, perception: null, text });
const heard = (perception: Transcript): ComponentInput => ({ part: 'part-1', media: null, perception, text: null });
const cue = (kind: Cue['kind'], label: string, value: number | null = null, unit: string | null = null): Cue => ({
  ...{ kind, label, value, unit, strength: null, probability: 0.9, source: 'test' },
});
const time = { startMs: 0, endMs: 0 };

function transcript(text: string, more: Partial<Transcript> = {}): Transcript {
  return {
    ...{ part: 'part-1', kind: 'transcript', text, language: 'zh', languageSource: null, durationMs: 1000 },
    ...{ engine: 'test', words: [], segments: [], ...more },
  };
}

it('gives a text as the rows of its tokens, each as the model itself would read it', async () => {
  const model = tableModel({ scale: 4 });
  const made = await (await identity(model, signal)).embed(words('the cat sat'), context);
  const rows = await model.rows(await model.tokenize('the cat sat', signal), signal);
  expect(made).toMatchObject({
    part: 'part-1',
    rows: 3,
    width: WIDTH,
    surrogate: 'the cat sat',
    component: 'identity',
  });
  expect([...made.values]).toEqual([...rows].map((value) => value * 4));
  expect(made.sha256).toBe(createHash('sha256').update(Buffer.from(made.values.buffer)).digest('hex'));
});

it('refuses to make vectors of nothing', async () => {
  const component = await identity(tableModel(), signal);
  await expect(component.embed(words('  '), context)).rejects.toMatchObject({ code: 'inject.component-unusable' });
});

it('is refused where nobody has the table', async () => {
  const model = { ...tableModel(), rows: null };
  await expect(openComponent('own-table', { model, home: '/nowhere', signal })).rejects.toMatchObject({
    code: 'inject.component-unusable',
  });
});

it('puts one vector where a mark stood, the mean of the rows of its words and as long as they, and says the same in words', async () => {
  const model = tableModel();
  const enriched = {
    text: '好的[停顿1.2秒]再见',
    marks: [{ at: 2, written: '[停顿1.2秒]', time, cues: [cue('pause', 'pause', 1.2, 's')] }],
    withheld: null,
  };
  const component = await ownTable(model, markersOf('own-table'), signal);
  const made = await component.embed(heard(transcript('好的再见', { enriched })), context);
  expect(made.surrogate).toBe('好的[长停顿]再见');
  expect(made.rows).toBe(5);
  const rows = await model.rows(await model.tokenize('长停顿', signal), signal);
  const three = [0, 1, 2].map((at) => rows.subarray(at * WIDTH, (at + 1) * WIDTH));
  const mean = Array.from({ length: WIDTH }, (_, at) => three.reduce((sum, row) => sum + (row[at] ?? 0) / 3, 0));
  const longer = three.reduce((sum, row) => sum + Math.hypot(...row) / 3, 0) / Math.hypot(...mean);
  mean.forEach((value, at) => void expect(made.values[2 * WIDTH + at]).toBeCloseTo(value * longer, 5));
});

it('leaves a mark in words that says more than markers can, or a kind nobody wants', () => {
  const written = '[停顿0.8秒·音高降]';
  const cues = [cue('pause', 'pause', 0.8, 's'), cue('pitch', 'falling', -3, 'st')];
  const enriched = { text: `好${written}的`, marks: [{ at: 1, written, time, cues }], withheld: null };
  expect(stretchesOf(transcript('好的', { enriched }), new Set(['pause']))).toEqual([{ text: `好${written}的` }]);
  const one = { ...enriched, marks: [{ at: 1, written, time, cues: cues.slice(0, 1) }] };
  expect(stretchesOf(transcript('好的', { enriched: one }), new Set(['speaker']))).toEqual([
    { text: `好${written}的` },
  ]);
  expect(stretchesOf(transcript('好的', { enriched: one }), new Set(['pause']))).toHaveLength(3);
});

it('puts in speakers and what was measured beside a text that has no marks', () => {
  const segment = (text: string, speaker: string) => ({ text, speaker }) as Segment;
  const tone = { text: '', withheld: null, marks: [{ at: 6, written: '', time, cues: [cue('emotion', 'Happy')] }] };
  const told = transcript('hello. bye.', {
    ...{ language: 'en', tone },
    segments: [segment('hello.', '1'), segment('bye.', '2')],
  });
  expect(stretchesOf(told, new Set(['emotion', 'speaker']))).toEqual([
    { marker: { kind: 'speaker', words: 'speaker 1' } },
    { text: 'hello.' },
    { marker: { kind: 'emotion', words: 'happy' } },
    { text: ' ' },
    { marker: { kind: 'speaker', words: 'speaker 2' } },
    { text: 'bye.' },
  ]);
});

it('tells the text route’s words and nothing else without markers, whatever was mended', () => {
  const mended = { text: '好的，再见', edits: [] };
  expect(stretchesOf(transcript('好的再见', { mended }), new Set())).toEqual([{ text: '好的，再见' }]);
  expect(stretchesOf(transcript('好的再见', { mended }), new Set(['pause']))).toEqual([{ text: '好的，再见' }]);
});

it('knows its markers by name, and says which there are', () => {
  expect([...markersOf('own-table')]).toEqual(['pause', 'emotion', 'speaker']);
  expect([...markersOf('own-table:speaker,pause')]).toEqual(['pause', 'speaker']);
  expect(markersOf('own-table:none').size).toBe(0);
  expect(() => markersOf('own-table:loud')).toThrow(/no marker loud/);
});

it('makes the same of the same once, and tells again what was lost', async () => {
  const model = tableModel();
  const plain = await identity(model, signal);
  const loss = { kind: 'frames-sampled', part: 'part-1' } as Loss;
  const lossy = {
    ...plain,
    embed: (input: ComponentInput, to: typeof context & { note(loss: Loss): void }) => {
      to.note(loss);
      return plain.embed(input, to);
    },
  };
  const component = remembering(lossy, `test ${Math.random()}`);
  const noted: Loss[] = [];
  const listening = { signal, note: (one: Loss) => void noted.push(one) };
  const first = await component.embed(words('again and again'), listening);
  const bits = first.values.slice();
  first.values.fill(0);
  const reads = model.reads.count;
  const second = await component.embed({ ...words('again and again'), part: 'part-9' }, listening);
  expect(model.reads.count).toBe(reads);
  expect(second.part).toBe('part-9');
  expect([...second.values]).toEqual([...bits]);
  expect(noted.map(({ part }) => part)).toEqual(['part-1', 'part-9']);
  await component.embed(words('something else'), listening);
  expect(model.reads.count).toBe(reads + 1);
});
