import { describe, expect, it } from 'vitest';
import type { SoundFinding } from '#contract/finding.ts';
import { Ledger } from '#contract/ledger.ts';
import { lossOf } from '#contract/loss.ts';
import type { Media } from '#contract/media.ts';
import type { Transcript, Word } from '#contract/perception.ts';
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
  conversions: [{ part: 'part-1', op: 'hear', name: 'ears', version: null, weightsSha256: null, latencyMs: 250 }],
  losses: [],
};

describe('makeLedger', () => {
  it('fills the schema, with a reason wherever nothing was measured', () => {
    const ledger = makeLedger(input);
    expect(Ledger.parse(ledger)).toEqual(ledger);
    const gaps = Object.values(ledger.loss).flatMap((group) => Object.values(group));
    expect(gaps.length).toBeGreaterThan(8);
    for (const gap of gaps) expect(gap).toEqual({ value: null, source: null, reason: expect.stringMatching(/./) });
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
      headline: '1 word may be misheard (first: “𬬱”).',
    });
    expect(makeLedger({ ...input, language: 'zh' }).verdict.headline).toBe('约 1 处可能听错（第一处：“𬬱”）。');
  });

  it('is poor when much of the voice gave no words, unknown when nothing was measured, ok otherwise', () => {
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
    expect(makeLedger({ ...input, perceptions: [sure] }).verdict.level).toBe('ok');
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

it('counts voiced time outside every segment with words', () => {
  const speech = [
    { startMs: 0, endMs: 1000 },
    { startMs: 2000, endMs: 3000 },
  ];
  expect(uncoveredMs(speech, [{ startMs: 200, endMs: 2500, text: 'x' }])).toBe(200 + 500);
  expect(uncoveredMs(speech, [{ startMs: 0, endMs: 3000, text: ' ' }])).toBe(2000);
  expect(uncoveredMs(speech, [])).toBe(2000);
});
