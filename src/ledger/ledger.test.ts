import { describe, expect, it } from 'vitest';
import type { SoundFinding } from '#contract/finding.ts';
import { Ledger } from '#contract/ledger.ts';
import { lossOf } from '#contract/loss.ts';
import type { Media } from '#contract/media.ts';
import type { Perception, TextLine, Transcript, Word } from '#contract/perception.ts';
import type { Plan } from '#contract/plan.ts';
import { doubtfulSpans } from './doubtful.ts';
import { type LedgerInput, makeLedger } from './ledger.ts';
import { uncoveredMs } from './uncovered.ts';

const word = (text: string, startMs: number, confidence: number | null): Word => ({
  text,
  startMs,
  endMs: startMs + 200,
  confidence,
  confidenceSource: confidence === null ? null : 'token-logprob:ears',
  timeSource: 'interpolated',
  tokens: [],
});

const words = [word('你好', 0, 0.9), word('𬬱', 300, 0.2), word('world', 600, 0.95)];
const transcript: Transcript = {
  part: 'part-1',
  kind: 'transcript',
  text: '你好𬬱 world',
  language: 'zh',
  languageSource: null,
  durationMs: 1000,
  engine: 'ears',
  words,
  segments: [
    {
      startMs: 0,
      endMs: 800,
      text: '你好𬬱 world',
      words,
      meanLogprob: -0.3,
      compressionRatio: 1,
      noSpeechProbability: null,
    },
  ],
};
const media: Media = {
  part: 'part-1',
  kind: 'audio',
  name: 'q.wav',
  source: 'file',
  mimeType: 'audio/wav',
  sizeBytes: 9,
  sha256: 'a'.repeat(64),
};
const finding: SoundFinding = {
  part: 'part-1',
  kind: 'sound',
  durationMs: 1000,
  speech: [{ startMs: 0, endMs: 800 }],
  speechRatio: 0.8,
  speechSource: 'vad',
  rmsDb: -20,
  peakDb: -3,
  clippedRatio: 0,
  snrDb: null,
  invalidSamples: 0,
};
const plan: Plan = [
  {
    part: 'part-1',
    kind: 'audio',
    route: 'text',
    engine: 'ears',
    form: null,
    beside: null,
    reasons: ['because'],
    explanation: { en: 'Because.', zh: '因为。' },
    alternatives: [{ route: 'native', feasible: false, reason: 'deaf' }],
    predictedLoss: { errorRate: null, reason: 'unknown' },
    predictedLatencyMs: null,
    costUsd: 0,
  },
];
const input: LedgerInput = {
  requestId: 'req_1',
  createdAt: new Date('2026-01-02T03:04:05Z'),
  language: 'en',
  media: [media],
  findings: [finding],
  plan,
  perceptions: [transcript],
  conversions: [
    { part: 'part-1', op: 'hear', name: 'ears', version: null, weightsSha256: null, latencyMs: 250, remembered: false },
  ],
  losses: [],
  mitigations: [],
};

describe('makeLedger', () => {
  it('fills the schema, with a reason wherever nothing was measured', () => {
    const ledger = makeLedger(input);
    expect(Ledger.parse(ledger)).toEqual(ledger);
    const gaps = Object.values(ledger.loss).flatMap((group) => Object.values(group));
    expect(gaps.length).toBeGreaterThan(8);
    for (const gap of gaps) {
      if (gap === null || Array.isArray(gap)) continue;
      if (gap.value === null) expect(gap).toMatchObject({ source: null, reason: expect.stringMatching(/./) });
      else expect(gap).toMatchObject({ source: expect.stringMatching(/./), reason: null });
    }
    expect(ledger.conversions[0]).toMatchObject({
      realTimeFactor: 0.25,
      coverage: { mediaMsUsed: 800, uncoveredVoicedMs: 0 },
    });
    expect(ledger.inputs[0]?.fate).toBe('text by ears');
  });

  it('places doubtful words by code points, also after characters beyond the basic plane', () => {
    expect(doubtfulSpans(transcript)).toMatchObject([{ start: 2, end: 3, text: '𬬱', pError: 0.8, pErrorKind: 'raw' }]);
  });

  it('says it in one sentence, in both languages', () => {
    expect(makeLedger(input).verdict).toMatchObject({
      level: 'caution',
      headline: '1 place may be misheard (character 3: “𬬱”); the model may not know “𬬱”.',
    });
    expect(makeLedger({ ...input, language: 'zh' }).verdict.headline).toBe(
      '约 1 处可能听错（第 3 字“𬬱”）；“𬬱”模型未必认识。',
    );
  });

  it('is poor when much of the voice gave no words, unknown when not all that could be wrong was looked for', () => {
    const silent = { ...transcript, text: '', words: [], segments: [] };
    expect(makeLedger({ ...input, perceptions: [silent] }).verdict).toMatchObject({
      level: 'poor',
      headline: '0.8 s of voice gave no words.',
    });
    const gap = lossOf({
      kind: 'speech-without-words',
      stage: 'perceive',
      part: 'part-1',
      time: { startMs: 0, endMs: 400 },
      extent: 400,
      unit: 'ms',
      message: 'nothing',
    });
    expect(makeLedger({ ...input, losses: [gap] }).verdict.headline).toContain('0.4 s of voice gave no words');
    const blind = { ...transcript, words: words.map((one) => ({ ...one, confidence: null, confidenceSource: null })) };
    expect(makeLedger({ ...input, perceptions: [blind] }).verdict.level).toBe('unknown');
    const sure = { ...transcript, words: words.map((one) => ({ ...one, confidence: 0.99 })) };
    expect(makeLedger({ ...input, perceptions: [sure] }).verdict.level).toBe('unknown');
    expect(makeLedger({ ...input, perceptions: [], conversions: [] }).verdict.level).toBe('ok');
  });

  it('is poor when a part was dropped, and the part says so itself', () => {
    const dropped = lossOf({ kind: 'media-dropped', stage: 'plan', part: 'part-1', message: 'no way in' });
    const ledger = makeLedger({
      ...input,
      plan: [{ ...plan[0]!, route: 'none' }],
      perceptions: [],
      conversions: [],
      losses: [dropped],
    });
    expect(ledger.verdict).toMatchObject({ level: 'poor', headline: '1 part did not reach the model.' });
    expect(ledger.inputs[0]?.fate).toBe('dropped');
  });

  it('lists the worst 200 spans and counts the rest', () => {
    const many = Array.from({ length: 250 }, (_, n) => word(`w${n}`, n * 300, n % 2 ? 0.1 : 0.4));
    const long = { ...transcript, text: many.map(({ text }) => text).join(' '), words: many };
    const ledger = makeLedger({ ...input, perceptions: [long] });
    expect([ledger.spans.length, ledger.spansSummarised]).toEqual([200, 50]);
    expect(ledger.spans.filter(({ pError }) => pError > 0.8)).toHaveLength(125);
  });
});

describe('doubt about what was read', () => {
  const line = (text: string, start: number, ...probabilities: number[]): TextLine => ({
    ...{
      text,
      start,
      box: [
        [0, 0],
        [9, 0],
        [9, 9],
        [0, 9],
      ],
      direction: 'horizontal',
      heightPx: 9,
    },
    characters: [...text].map((one, at) => ({ text: one, probability: probabilities[at] ?? null })),
    ...{ confidence: null, confidenceSource: 'ctc:eyes', unwritable: false },
  });
  const picture: Perception = {
    ...{ part: 'part-1', kind: 'picture', text: '𬬱国\n人民币', widthPx: 9, heightPx: 9, frames: 1 },
    lines: [line('𬬱国', 0, 0.4, 0.99), line('人民币', 3, 0.5, 0.3, 0.9)],
    ...{ description: null, engine: 'eyes' },
  };

  it('joins doubtful characters side by side, placed in the text that the model was given', () => {
    expect(doubtfulSpans(picture)).toMatchObject([
      { start: 0, end: 1, text: '𬬱', class: 'character', pSource: ['ctc:eyes'] },
      { start: 3, end: 5, text: '人民', pError: 0.7 },
    ]);
    const ledger = makeLedger({ ...input, language: 'zh', findings: [], perceptions: [picture], conversions: [] });
    expect(ledger.verdict.headline).toBe('约 2 处可能读错（第 4–5 字“人民”）；“𬬱”模型未必认识。');
    expect(ledger.verdict.unknowns).toEqual([]);
  });

  it('says that what a picture shows was not told', () => {
    const undescribed = lossOf({ kind: 'not-described', stage: 'perceive', part: 'part-1', message: 'no' });
    const sure = {
      ...picture,
      lines: picture.kind === 'picture' ? picture.lines.map((one) => ({ ...one, characters: [] })) : [],
    };
    const ledger = makeLedger({ ...input, findings: [], perceptions: [sure], conversions: [], losses: [undescribed] });
    expect(ledger.verdict).toMatchObject({
      level: 'caution',
      headline: expect.stringMatching(/^What the pictures show was not told/),
    });
    const blank = { ...sure, lines: [] };
    const poor = makeLedger({ ...input, findings: [], perceptions: [blank], conversions: [], losses: [undescribed] });
    expect(poor.verdict).toMatchObject({ level: 'poor', headline: expect.stringContaining('Nothing of 1 picture') });
  });

  it('counts the marks between words where the model was given them', () => {
    const marks = [{ at: 1, written: '[停顿1秒]', time: { startMs: 0, endMs: 1 }, cues: [] }];
    const enriched = { text: '一[停顿1秒]二', marks, withheld: null };
    const heard: Perception = {
      ...transcript,
      text: '一二',
      words: [word('一', 0, 0.9), word('二', 300, 0.2)],
      enriched,
    };
    const [span] = doubtfulSpans(heard);
    expect([...enriched.text].slice(span?.start, span?.end).join('')).toBe('二');
  });

  it('places what was said in a video inside its timeline', () => {
    const segment = { ...transcript.segments[0]!, text: '二三', words: [word('二', 0, 0.2), word('三', 300, 0.9)] };
    const video: Perception = {
      ...{
        part: 'part-1',
        kind: 'timeline',
        text: '[00:00] 文字：二\n[00:01] 说：“二三”',
        durationMs: 1000,
        moments: [],
      },
      ...{ framesSeen: 1, framesTotal: 1, longestGapMs: 0, cutsMissed: 0, engine: 'eyes' },
      transcript: { ...transcript, text: '二三', segments: [segment] },
    };
    const [span] = doubtfulSpans(video);
    expect([...video.text].slice(span?.start, (span?.end ?? 0) + 1).join('')).toBe('二三');
  });
});

it('counts voiced time outside every segment with words', () => {
  const speech = [
    { startMs: 0, endMs: 1000 },
    { startMs: 2000, endMs: 3000 },
  ];
  expect(uncoveredMs(speech, [{ startMs: 200, endMs: 2500, text: 'x' }])).toBe(200 + 500);
  expect(uncoveredMs(speech, [{ startMs: 0, endMs: 3000, text: ' ' }])).toBe(2000);
  expect(uncoveredMs(speech, [])).toBe(2000);
});
