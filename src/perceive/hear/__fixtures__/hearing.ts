import type { SoundFinding, TimeSpan } from '#contract/finding.ts';
import type { Loss } from '#contract/loss.ts';
import type { Segment } from '#contract/perception.ts';
import type { Recogniser } from '#contract/ports.ts';
import { type Hearing, hear } from '../hear.ts';
import { segmentOf } from '../segment.ts';
import { buzz, soundOf } from './sound.ts';

/** Where somebody speaks. */
export const speech: TimeSpan[] = [
  { startMs: 200, endMs: 1_400 },
  { startMs: 4_000, endMs: 5_500 },
];

/** What a look at it found. */
export function findingOf(spans: TimeSpan[]): SoundFinding {
  return {
    part: 'part-1',
    kind: 'sound',
    durationMs: 6_000,
    speech: spans,
    speechRatio: 0.5,
    speechSource: 'test',
    rmsDb: null,
    peakDb: null,
    clippedRatio: 0,
    snrDb: null,
    invalidSamples: 0,
  };
}

/** What comes of a recording of so much speech, and what was lost. */
export async function heardBy(recogniser: Recogniser, spans = speech, language?: string, more: Partial<Hearing> = {}) {
  const losses: Loss[] = [];
  const hearing = { part: 'part-1', sound: soundOf(buzz(6_000, spans)), finding: findingOf(spans), language, ...more };
  const context = { signal: new AbortController().signal, note: (loss: Loss) => losses.push(loss) };
  return { transcript: await hear(hearing, recogniser, context), losses };
}

/** A recogniser that says what it is told for each voiced span: words and the log-probability of each. */
export function saying(
  lines: readonly (readonly [string, number] | null)[],
  languages: readonly string[] | 'any' = ['en'],
): Recogniser {
  return {
    id: 'scripted',
    capabilities: { languages, tokenLogprobs: true, wordTimes: 'interpolated', prompt: false },
    async *hear(recording): AsyncGenerator<Segment> {
      for (const [at, span] of recording.speech.entries()) {
        const line = lines[at];
        if (!line) continue;
        const [text, logprob] = line;
        const tokens = text
          .split(' ')
          .map((word, id) => ({ id, bytes: new TextEncoder().encode(` ${word}`), logprob }));
        const segment = segmentOf({ tokens, speech: [span], times: null, confidenceSource: 'token-logprob:scripted' });
        if (segment) yield segment;
      }
    },
    async close() {},
  };
}
