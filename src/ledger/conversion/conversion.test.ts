import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Loss, lossOf } from '#contract/loss.ts';
import type { Cue, Enriched, Mark, Perception, Segment, Timeline, Transcript } from '#contract/perception.ts';
import { leftOut } from '../left-out.ts';
import { conversionLoss } from './conversion.ts';
import { verbatimMitigation } from './verbatim.ts';
import { risesWithoutAsking } from './voice.ts';

const part = 'part-1';
const segment = (text: string, more: Partial<Segment> = {}): Segment => ({
  ...{ startMs: 0, endMs: 1_000, text, words: [] },
  ...{ meanLogprob: null, compressionRatio: null, noSpeechProbability: null, ...more },
});
const heard = (segments: readonly Segment[], more: Partial<Transcript> = {}): Transcript => ({
  ...{ part, kind: 'transcript', text: segments.map(({ text }) => text).join(''), language: 'zh' },
  ...{ languageSource: null, durationMs: 1_000, engine: 'ears', words: [], segments: [...segments], ...more },
});
const cue = (kind: Cue['kind'], label: string): Cue => ({
  ...{ kind, label, value: 1, unit: 's', strength: null, probability: null, source: 'prosody' },
});
const mark = (at: number, ...cues: Cue[]): Mark => ({
  ...{ at, written: '[停顿1.0秒]', time: { startMs: 0, endMs: 900 }, cues },
});
const toned = (text: string, marks: Mark[], withheld: string | null = null): Enriched => {
  const characters = [...text];
  const marked = [...marks]
    .reverse()
    .reduce((sum, { at, written }) => [...sum.slice(0, at), written, ...sum.slice(at)], characters);
  return { text: marked.join(''), marks, withheld };
};
const lossIn = (perceptions: readonly Perception[], losses: readonly Loss[] = []) =>
  conversionLoss({ perceptions, losses });
const noted = (kind: Loss['kind'], more: Partial<Loss> = {}) =>
  lossOf({ kind, stage: 'perceive', part, message: 'noted', ...more });

describe('what was said besides the words', () => {
  it('is counted by the list of the language', () => {
    expect(lossIn([heard([segment('嗯，好吧，去啊')])])).toMatchObject({
      particlesSeen: { value: 2, source: 'list', reason: null },
      fillersSeen: { value: 1 },
    });
    const english = lossIn([heard([segment('Um, I uh see')], { language: 'en' })]);
    expect(english.fillersSeen.value).toBe(2);
    expect(english.particlesSeen).toMatchObject({ value: null, reason: expect.stringContaining('(en)') });
    expect(english.particleSlotsUnfilled.value).toBeNull();
  });

  it('is missing where a second reader has it and the text has not', () => {
    const second = (text: string) => ({ second: { engine: 'other', text, agreement: 0.9 } });
    const all = [segment('我我要去', second('嗯我我我要去吧')), segment('真的', second('真的真的呢'))];
    expect(lossIn([heard(all)])).toMatchObject({
      particleSlotsUnfilled: { value: 3, source: 'second-reader:other' },
      repetitionsRemoved: { value: 1 },
    });
    const repeated = lossIn([heard([segment('我今天要去', second('我我今天要要去'))])]);
    expect(repeated).toMatchObject({ repetitionsRemoved: { value: 2 }, particleSlotsUnfilled: { value: 0 } });
  });

  it('is not known where nobody, or not everything, was heard twice', () => {
    const second = { engine: 'other', text: '走吧', agreement: 0.5 };
    const once = lossIn([heard([segment('走')])]);
    expect([once.particleSlotsUnfilled.value, once.repetitionsRemoved.value]).toEqual([null, null]);
    const partly = lossIn([heard([segment('走', { second }), segment('来')])]).particleSlotsUnfilled;
    expect(partly).toMatchObject({
      value: null,
      reason: expect.stringContaining('1 that the text has not, in 1 of 2'),
    });
    const nothing = lossIn([]);
    expect(Object.values(nothing).filter((one) => !Array.isArray(one) && one.value !== null)).toEqual([]);
  });
});

describe('how it was said', () => {
  const text = '你好，我们走。';
  const marks = [
    mark(2, cue('pause', 'pause')),
    mark(3, cue('pause', 'pause'), cue('loudness', 'loud')),
    mark(7, cue('final-pitch', 'falling'), cue('emotion', 'happy')),
  ];

  it('counts what the text does not imply and the model was not told', () => {
    const tone = toned(text, marks);
    // A pause where nothing is written, a loud voice; not the pause at the comma, nor the fall at the stop.
    expect(lossIn([heard([segment(text)], { tone })]).prosody).toEqual({ value: 2, source: 'prosody', reason: null });
    expect(lossIn([heard([segment(text)], { enriched: tone })]).prosody.value).toBe(0);
  });

  it('is not known where it was not measured, or not all of it', () => {
    expect(lossIn([heard([segment(text)])]).prosody).toMatchObject({
      value: null,
      reason: expect.stringMatching(/not measured/),
    });
    const partly = lossIn([heard([segment(text)], { tone: toned(text, marks, 'too noisy: 6 dB') })]).prosody;
    expect(partly).toMatchObject({ value: null, reason: expect.stringMatching(/At least 2.*6 dB/) });
    expect(lossIn([heard([], { text: '' })]).prosody.value).toBe(0);
  });

  it.each([
    ['你去', true],
    ['他说完了。你去', true],
    ['你去吗', false],
    ['谁去', false],
    ['You are leaving', true],
    ['Where are you going', false],
    ['Are you leaving', false],
    ['He said no. You are leaving', true],
    ['You are leaving, aren’t you'.replace('’', "'"), false],
  ])('%s, with a rise at its end: asked by the voice alone is %s', (said, alone) => {
    const language = /\p{Script=Han}/u.test(said) ? 'zh' : 'en';
    const sentence = `${said}.`;
    const tone = toned(sentence, [mark([...sentence].length, cue('final-pitch', 'ends-high'))]);
    const transcript = heard([segment(sentence)], { language, tone });
    expect(risesWithoutAsking(transcript)).toHaveLength(alone ? 1 : 0);
    const { questionIntonation } = lossIn([transcript]);
    expect(questionIntonation.value).toBeNull();
    expect(questionIntonation.reason).toMatch(alone ? /^1 sentence ends/ : /^No sentence/);
  });

  it('counts feelings by how probable they are, but not those that were told', () => {
    const felt = (label: string, probability: number | null, startMs: number) =>
      segment('好。', { startMs, endMs: startMs + 1_000, emotion: { label, probability, source: 'feeler' } });
    const all = [felt('Angry', 0.7, 0), felt('sad', 0.5, 1_000), felt('neutral', 0.9, 2_000)];
    expect(lossIn([heard(all)]).emotion).toEqual({ value: 1.2, source: 'feeler', reason: null });
    const enriched = toned('好。好。好。', [mark(2, cue('emotion', 'Angry'))]);
    expect(lossIn([heard(all, { enriched })]).emotion.value).toBe(0.5);
    expect(lossIn([heard([felt('sad', null, 0)])]).emotion).toMatchObject({
      value: null,
      reason: expect.stringContaining('1 times'),
    });
    expect(lossIn([heard([felt('neutral', null, 0)])]).emotion.value).toBe(0);
    expect(lossIn([heard([...all, segment('吗')])]).emotion.value).toBeNull();
    expect(lossIn([heard([segment('吗')])]).emotion.reason).toMatch(/names feelings/);
  });

  it('counts sounds beside the words that nobody was told of, and not speech itself', () => {
    const among = (startMs: number, ...labels: string[]) =>
      segment('好。', {
        ...{ startMs, endMs: startMs + 1_000 },
        events: labels.map((label) => ({ label, probability: 0.8, source: 'ears' })),
      });
    const all = [among(0, 'Speech', 'Laughter'), among(1_000, 'Speech'), among(2_000, 'Applause', 'BGM')];
    expect(lossIn([heard(all)]).events).toEqual({ value: 2.4, source: 'ears', reason: null });
    const enriched = toned('好。好。好。', [mark(2, cue('event', 'Laughter'))]);
    expect(lossIn([heard(all, { enriched })]).events.value).toBe(1.6);
    expect(lossIn([heard([...all, segment('吗')])]).events.value).toBeNull();
    expect(lossIn([heard([segment('吗')])]).events.reason).toMatch(/names sounds/);
  });
});

describe('what was written and shown', () => {
  const line = (heightPx: number, unwritable = false) => ({
    ...{ text: '字', start: 0, box: [] as never, direction: 'horizontal' as const, heightPx },
    ...{ characters: [], confidence: null, confidenceSource: null, unwritable },
  });
  const picture = (...lines: ReturnType<typeof line>[]): Perception => ({
    ...{
      part,
      kind: 'picture',
      text: '字',
      widthPx: 9,
      heightPx: 9,
      frames: 1,
      lines,
      description: null,
      engine: 'eyes',
    },
  });
  const video = (more: Partial<Timeline>): Timeline => ({
    ...{ part, kind: 'timeline', text: '', durationMs: 10_000, moments: [], framesSeen: 2, framesTotal: 250 },
    ...{ longestGapMs: 8_000, cutsMissed: 0, transcript: null, engine: 'ffmpeg', ...more },
  });

  it('counts small print, what stands in no clear order, and what nobody could write', () => {
    const losses = [
      noted('small-print'),
      noted('layout', { extent: 3 }),
      noted('unwritable-character', { text: '字' }),
      noted('layout', { extent: 5, part: 'part-2' }),
      noted('small-print', { stage: 'native' }),
    ];
    expect(lossIn([picture(line(9), line(20, true))], losses)).toMatchObject({
      regionsUnread: { value: 1 },
      smallPrint: { value: 1 },
      layout: { value: 3 },
      timeUnseen: { value: null, reason: 'There was no video.' },
    });
    expect(lossIn([picture(line(20))])).toMatchObject({
      regionsUnread: { value: 0 },
      smallPrint: { value: 0 },
      layout: { value: 0 },
    });
    expect(lossIn([picture(line(0))], losses).smallPrint).toMatchObject({
      value: null,
      reason: expect.stringContaining('At least 1'),
    });
    expect(lossIn([heard([])]).layout.value).toBeNull();
  });

  it('counts the pages of a document that gave nothing', () => {
    const document: Perception = {
      ...{ part, kind: 'document', text: '', format: 'pdf', title: null, pages: [], engine: 'pdfium' },
    };
    const losses = [
      noted('page-unread', { extent: 2 }),
      noted('page-unread'),
      noted('unwritable-character', { extent: 4 }),
    ];
    expect(lossIn([document], losses).regionsUnread.value).toBe(7);
  });

  it('counts the time of a video that is far from every frame', () => {
    // A second around 0 and around 9 s: from 1 to 8 s nobody looked.
    expect(lossIn([video({ seenMs: [0, 9_000] })]).timeUnseen.value).toBe(0.7);
    expect(lossIn([video({ seenMs: [500, 1_000, 5_000] })]).timeUnseen.value).toBe(0.6);
    expect(lossIn([video({ framesTotal: 2 })]).timeUnseen.value).toBe(0);
    expect(lossIn([video({})]).timeUnseen.value).toBeNull();
    expect(lossIn([video({ longestGapMs: 900 })]).timeUnseen.value).toBe(0);
    expect(lossIn([video({ seenMs: [], framesSeen: 0 })]).timeUnseen.value).toBe(1);
    expect(lossIn([video({ durationMs: 0, seenMs: [] })]).timeUnseen.value).toBeNull();
  });
});

it('lists what normalising changed', () => {
  const losses = [
    noted('script-converted', { extent: 2, after: 'simplified' }),
    noted('script-converted', { extent: 3, after: 'simplified' }),
  ];
  expect(lossIn([], losses).normalisations).toEqual([{ op: 'to-simplified', changedChars: 5, reversible: false }]);
});

it('says whether every word was asked for', () => {
  const ignored = noted('option-ignored', { text: 'verbatim', message: 'It heeds no prompt.' });
  const ledger = (losses: Loss[]) => verbatimMitigation(heard([segment('走')]), losses);
  expect(ledger([noted('option-ignored', { text: 'prompt' })])).toMatchObject({
    id: 'verbatim',
    applied: true,
    by: 'ears',
  });
  expect(ledger([ignored])).toMatchObject({
    applied: false,
    note: 'It heeds no prompt.',
    errorRateAfter: { value: null },
  });
});

describe('leftOut', () => {
  it('gives back the fuller reading from the other where that is a part of it (property)', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', '好', '𬬱'), { maxLength: 20 });
    fc.assert(
      fc.property(letters, fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }), (all, keep) => {
        const kept = all.filter((_, at) => keep[at]);
        const runs = leftOut(kept.join(''), all.join('')) ?? [];
        let [whole, from] = ['', 0];
        for (const { at, text } of runs) {
          whole += kept.slice(from, at).join('') + text;
          from = at;
        }
        expect(whole + kept.slice(from).join('')).toBe(all.join(''));
      }),
    );
  });

  it('does not count what is only different, and does not compare what is too long', () => {
    expect(leftOut('甲乙丙', '甲丁丙')).toEqual([]);
    expect(leftOut('', 'Ａb!')).toEqual([{ at: 0, text: 'ab', before: '', after: '' }]);
    expect(leftOut('a'.repeat(5_000), 'a')).toBeNull();
  });
});
