import { describe, expect, it } from 'vitest';
import type { SoundFinding } from '#contract/finding.ts';
import type { Loss } from '#contract/loss.ts';
import type { Enriched, Segment } from '#contract/perception.ts';
import { soundOf } from '../__fixtures__/sound.ts';
import { segmentFrom } from '../segment.ts';
import { findingOf, transcriptOf, word } from './__fixtures__/transcripts.ts';
import { noisy, type Stretch, voice } from './__fixtures__/voices.ts';
import { enrich } from './enrich.ts';
import { plainTextOf, withoutMarks } from './grammar.ts';

/** A clause to be said: its text, how, and the silence after it. */
interface Said extends Partial<Segment> {
  readonly text: string;
  readonly hz?: readonly [number, number];
  readonly loudness?: number;
  readonly ms?: number;
  readonly silenceMs?: number;
  readonly timeSource?: 'attention' | 'interpolated';
}

interface Result extends Enriched {
  readonly losses: readonly Loss[];
}

// Each clause is a segment whose words share its time evenly, unless they are all to be one segment.
async function enriched(
  clauses: readonly Said[],
  {
    language = 'zh',
    together = false,
    change = (samples: Float32Array) => samples,
    finding = {} as Partial<SoundFinding>,
  } = {},
): Promise<Result> {
  const stretches: Stretch[] = [];
  const segments: Segment[] = [];
  let at = 0;
  for (const {
    text,
    hz = [120, 112] as const,
    loudness = 0.1,
    ms = 1_000,
    silenceMs = 300,
    timeSource,
    ...told
  } of clauses) {
    const spelled = language === 'zh' ? (text.match(/[\p{L}\p{N}][^\p{L}]*/gu) ?? []) : text.split(' ');
    const words = spelled.map((one, index) =>
      word(one, at + (index * ms) / spelled.length, at + ((index + 1) * ms) / spelled.length, timeSource),
    );
    segments.push({ ...segmentFrom(words), ...told });
    stretches.push({ ms, hz, loudness }, { ms: silenceMs });
    at += ms + silenceMs;
  }
  const samples = change(voice(stretches));
  const heard = together ? [segmentFrom(segments.flatMap((segment) => segment.words))] : segments;
  const losses: Loss[] = [];
  const context = { signal: new AbortController().signal, note: (loss: Loss) => losses.push(loss) };
  const transcript = transcriptOf(heard, language);
  const result = await enrich(
    transcript,
    soundOf(samples),
    findingOf(samples.length / 16, { rmsDb: -16, ...finding }),
    context,
  );
  expect(plainTextOf(result)).toBe(transcript.text);
  return { ...result, losses };
}

const calm = (text: string, more: Partial<Said> = {}): Said => ({ text, ...more });
const five = ['今天天气不错。', '我们去公园吧。', '他说明天再来。', '晚饭已经做好。', '书放在桌子上。'];

describe('pauses', () => {
  it('are said in seconds where the text has nothing or a comma', async () => {
    const { text, marks } = await enriched(
      [calm('好吧', { silenceMs: 800 }), calm('我觉得这个计划可行，', { silenceMs: 600 }), calm('再想一想。')],
      { together: true },
    );
    expect(text).toBe('好吧[停顿0.8秒]我觉得这个计划可行，[停顿0.6秒]再想一想。');
    expect(marks[0]).toMatchObject({ at: 2, cues: [{ kind: 'pause', unit: 's', source: 'prosody', strength: null }] });
    expect(marks[0]?.cues[0]?.value).toBeCloseTo(0.8, 1);
    expect(marks[0]?.time.endMs).toBeCloseTo(1_800, -2);
  });

  it('are said in English with the space that belongs to them', async () => {
    const clauses = [calm('fine', { silenceMs: 800 }), calm('we will see tomorrow.')];
    expect((await enriched(clauses, { language: 'en', together: true })).text).toBe(
      'fine [pause 0.8 s] we will see tomorrow.',
    );
  });

  it('are not said where they are short, or usual between sentences', async () => {
    const clauses = [
      calm('好吧', { silenceMs: 400 }),
      calm('我来。', { silenceMs: 900 }),
      calm('你走。', { silenceMs: 1_200 }),
      calm('再见。'),
    ];
    expect((await enriched(clauses, { together: true })).text).toBe('好吧我来。你走。[停顿1.2秒]再见。');
  });

  it('are not placed between words whose times were only spread', async () => {
    const clauses = [
      calm('好吧', { silenceMs: 800, timeSource: 'interpolated' }),
      calm('我来', { timeSource: 'interpolated' }),
    ];
    expect((await enriched(clauses, { together: true })).marks).toEqual([]);
  });
});

describe('manner', () => {
  it('is told where one clause is far from the others of its speaker', async () => {
    const clauses = five.map((text) => calm(text));
    const loud = await enriched([...clauses, calm('你给我出去！', { loudness: 0.4, hz: [180, 170] })]);
    expect(loud.text).toBe(`${five.join('')}你给我出去！[声音大·音调高]`);
    expect(loud.marks[0]?.cues.map(({ kind, unit }) => [kind, unit])).toEqual([
      ['loudness', 'dB'],
      ['pitch', 'st'],
    ]);
    for (const { strength } of loud.marks[0]?.cues ?? []) expect(strength).toBeGreaterThanOrEqual(1.5);
    const fast = await enriched([...clauses, calm('这句话说得非常非常快。')]);
    expect(fast.text).toContain('快。[语速快]');
    const falling = await enriched([...clauses, calm('就是这样的。', { hz: [220, 80] })]);
    expect(falling.text).toMatch(/就是这样的。\[.*音高降.*\]/u);
    const quiet = await enriched([...clauses, calm('别让他听见。', { loudness: 0.04 })], { language: 'zh' });
    expect(quiet.text).toContain('[声音轻]');
  });

  it('is not told of an even voice, nor of so few clauses that nobody knows what is usual', async () => {
    expect((await enriched(five.map((text) => calm(text)))).marks).toEqual([]);
    const two = [
      calm('你给我出去！', { loudness: 0.5, hz: [300, 250] }),
      calm('好的。', { loudness: 0.05, hz: [90, 85] }),
    ];
    expect((await enriched(two)).marks).toEqual([]);
  });

  it('compares every speaker with themselves', async () => {
    const low = five.map((text) => calm(text, { speaker: '1' }));
    const high = five.map((text) => calm(text, { speaker: '2', hz: [240, 224], loudness: 0.3 }));
    const { text } = await enriched(low.flatMap((clause, at) => [clause, high[at] ?? clause]));
    expect(text.match(/\[[^\]]*\]/gu)).toEqual(five.flatMap(() => ['[说话人1]', '[说话人2]']));
  });

  it('tells that a sentence ends high, and not that a question does', async () => {
    const rising = (text: string) => enriched([calm(text, { hz: [110, 260], silenceMs: 700 })], { language: 'en' });
    expect((await rising('You are going there.')).text).toBe('You are going there. [rising at the end]');
    expect((await rising('You are going there?')).marks).toEqual([]);
    expect((await rising('If you are going there,')).marks).toEqual([]);
  });
});

describe('what the recogniser told', () => {
  const emotion = (label: string, probability: number | null) => ({ emotion: { label, probability, source: 'made' } });

  it('is marked where it is probable, and doubted where nobody measured', async () => {
    const one = async (more: Partial<Said>, language = 'zh') =>
      (await enriched([calm(language === 'zh' ? '好吧。' : 'Fine.', more)], { language })).text;
    expect(await one(emotion('angry', 0.7))).toBe('好吧。[听起来愤怒]');
    expect(await one(emotion('angry', null))).toBe('好吧。[疑似愤怒]');
    expect(await one(emotion('angry', null), 'en')).toBe('Fine. [maybe angry]');
    expect(await one(emotion('angry', 0.5))).toBe('好吧。');
    expect(await one(emotion('neutral', 0.9))).toBe('好吧。');
    expect(await one({ events: [{ label: 'laughter', probability: 0.9, source: 'made' }] }, 'en')).toBe(
      'Fine. [heard laughter]',
    );
    expect(await one({ events: [{ label: 'speech', probability: 0.9, source: 'made' }] })).toBe('好吧。');
  });

  it('names speakers at their turns when there are several', async () => {
    const said = (second: string) =>
      enriched([calm('Fine.', { speaker: '1' }), calm('No.', { speaker: second })], { language: 'en' });
    expect((await said('2')).text).toBe('[speaker 1] Fine. [speaker 2] No.');
    expect((await said('1')).text).toBe('Fine. No.');
  });
});

describe('a recording that does not tell', () => {
  const clauses = [
    ...five.map((text) => calm(text)),
    calm('你给我出去！', { loudness: 0.4, hz: [180, 170], speaker: '2' }),
  ];

  it.each([
    ['noisy', { change: (samples: Float32Array) => noisy(samples, -16, 5) }, /^the sound is too noisy: \d+ dB$/u],
    ['overdriven', { finding: { clippedRatio: 0.05 } }, /^the sound is overdriven: 5\.0 %/u],
    [
      'without a voice',
      { change: (samples: Float32Array) => noisy(samples.fill(0), -30, 0) },
      /^no voice has a pitch/u,
    ],
  ] as const)('%s: no marks, the reason, and a loss', async (_, how, reason) => {
    const { text, marks, withheld, losses } = await enriched(
      five.map((one) => calm(one, { silenceMs: 1_500 })),
      how,
    );
    expect({ text, marks }).toEqual({ text: five.join(''), marks: [] });
    expect(withheld).toMatch(reason);
    expect(losses).toMatchObject([
      { kind: 'paralinguistic', stage: 'perceive', part: 'part-1', certainty: 'measured' },
    ]);
    expect(losses[0]?.message).toContain(withheld ?? '?');
  });

  it('still says who speaks and what else was heard, but not how they feel', async () => {
    const told = {
      emotion: { label: 'angry', probability: 0.9, source: 'made' },
      events: [{ label: 'laughter', probability: null, source: 'made' }],
    };
    const [first = calm(''), second = calm('')] = clauses;
    const both = [
      { ...first, speaker: '1' },
      { ...second, ...told, speaker: '2' },
    ];
    const { text } = await enriched(both, { change: (samples) => noisy(samples, -16, 5) });
    expect(text).toBe('[说话人1]今天天气不错。[说话人2]我们去公园吧。[疑似有笑声]');
  });

  it('in noise that hides the ends of words is silent about pauses, and says so', async () => {
    const said = [calm('好吧', { silenceMs: 800 }), calm('我来。', { silenceMs: 300 })];
    const { marks, withheld, losses } = await enriched(said, { change: (samples) => noisy(samples, -16, 17) });
    expect(marks).toEqual([]);
    expect(withheld).toMatch(/^pauses are not measured at 1\d dB over the noise$/u);
    expect(losses).toHaveLength(1);
  });

  it('in one place is silent there only, and says so', async () => {
    const long = Array.from({ length: 20 }, (_, at) => calm(five[at % 5] ?? '', { silenceMs: 500 }));
    const change = (samples: Float32Array) => {
      samples.set(noisy(samples.subarray(0, 16_000 * 3), -16, 3));
      return samples;
    };
    const { withheld, losses } = await enriched(long, { change });
    expect(withheld).toMatch(/^in [1-9] of 20 clauses/u);
    expect(losses).toHaveLength(1);
  });

  it('is no loss when nothing was said', async () => {
    const { withheld, losses } = await enriched([]);
    expect({ withheld, losses }).toEqual({ withheld: null, losses: [] });
  });

  it('keeps words that look like a mark, and adds none', async () => {
    const { text, withheld, losses } = await enriched([
      calm('他写了[停顿0.8秒]在纸上', { silenceMs: 900 }),
      calm('然后走。'),
    ]);
    expect(text).toBe('他写了[停顿0.8秒]在纸上然后走。');
    expect(withheld).toBe('the words themselves have in them what looks like a mark');
    expect(losses).toHaveLength(1);
    expect(withoutMarks('好吧[停顿0.8秒·音高降]')).toBe('好吧');
  });
});
