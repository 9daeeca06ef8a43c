import type { DoubtfulSpan, Interval, Ledger, Measured, Mitigation, RareCharacter } from '#contract/ledger.ts';
import { judge } from '../verdict/verdict.ts';

export const none = (reason = 'Nobody looked.'): Measured => ({ value: null, source: null, reason });
export const found = (value: number, source = 'test'): Measured => ({ value, source, reason: null });
export const within = (value: number, low: number | null, high: number | null): Interval => ({
  ...found(value),
  ...{ low, high },
});

/** A doubtful place in the first part. */
export const spanOf = (more: Partial<DoubtfulSpan> = {}): DoubtfulSpan => ({
  ...{ part: 'part-1', start: 11, end: 12, time: { startMs: 2_400, endMs: 2_600 }, text: '抚', pError: 0.7 },
  ...{ pErrorKind: 'calibrated', pSource: ['token-logprob:ears'], class: 'word' },
  alternatives: [{ text: '扶', p: 0.6, by: 'same-sound:fú' }],
  ...more,
});

export const rareOf = (character: string, more: Partial<RareCharacter> = {}): RareCharacter => ({
  ...{ part: 'part-1', start: 0, character, level: null, unwritable: null, tokens: 3, bytes: 1, underTrained: null },
  ...{ changed: false, risk: 0.6 },
  ...more,
});

export const mitigationOf = (more: Partial<Mitigation> = {}): Mitigation => ({
  ...{ id: 'correction', part: 'part-1', applied: true, note: '', by: 'model', editsProposed: 4, editsAccepted: 3 },
  ...{ refused: { 'other-sound': 1 }, charactersDeleted: 0, particlesDeleted: 0, addedTokens: 120 },
  ...{ errorRateBefore: none(), errorRateAfter: none() },
  ...more,
});

/** What a test changes of the ledger below; of the groups of losses only what is named. */
export interface Changes extends Partial<Omit<Ledger, 'loss' | 'verdict'>> {
  readonly accuracy?: Partial<Ledger['loss']['accuracy']>;
  readonly conversion?: Partial<Ledger['loss']['conversion']>;
  readonly model?: Partial<Ledger['loss']['model']>;
  readonly language?: string;
}

/** The ledger of one minute of speech of which everything was measured and nothing was lost, with changes. */
export function ledgerOf({ accuracy, conversion, model, language = 'en', ...more }: Changes = {}): Ledger {
  const zero = found(0);
  const judged: Omit<Ledger, 'verdict'> = {
    ...{ schema: 'loss-ledger/1', requestId: 'req_1', createdAt: '2026-01-02T03:04:05.000Z' },
    routes: [
      {
        ...{ part: 'part-1', chosen: 'text' },
        considered: [{ route: 'text', expectedQuality: null, costUsd: 0, reason: 'The model is deaf.' }],
      },
    ],
    inputs: [
      {
        ...{ id: 'part-1', kind: 'audio', sha256: 'a'.repeat(64), durationMs: 60_000, rmsDb: -20, snrDb: 30 },
        ...{ clippedRatio: 0, speechRatio: 0.8, fate: 'text by ears' },
      },
    ],
    conversions: [
      {
        ...{ part: 'part-1', op: 'hear', component: { name: 'ears', version: '1', weightsSha256: null } },
        ...{ language: 'zh', latencyMs: 900, remembered: false, realTimeFactor: 0.015 },
        coverage: { mediaMsUsed: 50_000, uncoveredVoicedMs: 0 },
      },
    ],
    ...{ spans: [], spansSummarised: 0 },
    loss: {
      accuracy: {
        ...{ errorRate: within(0.01, 0, 0.03), deletedChars: zero, hallucination: zero, hallucinationSignals: [] },
        readers: found(0.98),
        ...accuracy,
      },
      conversion: {
        ...{ particlesSeen: found(3), particleSlotsUnfilled: zero, fillersSeen: zero, repetitionsRemoved: zero },
        ...{ prosody: zero, questionIntonation: zero, emotion: zero, events: zero, cueSurprise: zero, normalisations: [] },
        ...{ regionsUnread: none(), smallPrint: none(), layout: none(), timeUnseen: none() },
        ...conversion,
      },
      model: {
        ...{ tokenizer: 'test', tokensPerHan: found(0.7), homophones: zero, homophoneOverlap: zero },
        ...{ rareCharacters: zero, rare: [], roundTrip: zero },
        ...model,
      },
      embedding: { compatibility: none() },
    },
    ...{ losses: [], mitigations: [], impact: none() },
    calibration: {
      ...{ profile: 'factory', items: 100, errors: 40, auroc: 0.9, ece: 0.01, recallAtP60: 0.6, reason: null },
    },
    ...more,
  };
  return { ...judged, verdict: judge(judged, language) };
}
