import type { TimeSpan } from '#contract/finding.ts';
import { SAMPLE_RATE_HZ } from './features.ts';

/** How probable each language is, by Whisper's code, best first; empty where nobody asked. */
export type Evidence = readonly { readonly code: string; readonly probability: number }[];

/** Neighbouring spans of speech that are in one language; the probability is `null` where nobody listened for it. */
export interface Stay {
  readonly speech: readonly TimeSpan[];
  readonly code: string;
  readonly probability: number | null;
}

/** Another language than that of the whole is believed from this probability on, in speech of at least this length. */
const SURE = 0.8;
const LEAST_MS = 800;

/** Whether a span is long enough to tell its language. */
export function isLongEnough({ startMs, endMs }: TimeSpan): boolean {
  return endMs - startMs >= LEAST_MS;
}

/**
 * Groups spans of speech by language, from the evidence for each. What is not sure to be in another language goes with what
 * was said just before, or is in the language of the whole.
 */
export function groupByLanguage(
  spans: readonly { readonly span: TimeSpan; readonly evidence: Evidence }[],
  whole: Evidence,
): Stay[] {
  const [likeliestOfAll] = whole;
  const usual = likeliestOfAll?.code ?? 'en';
  const found: { speech: TimeSpan[]; code: string; probabilities: number[] }[] = [];
  for (const { span, evidence } of spans) {
    const likeliest = isLongEnough(span) ? evidence[0] : undefined;
    const isSure = likeliest !== undefined && likeliest.probability >= SURE;
    const last = found.at(-1);
    const code = isSure ? likeliest.code : (last?.code ?? usual);
    const measured = evidence.flatMap((one) => (one.code === code ? [one.probability] : []));
    if (last?.code === code) {
      last.speech.push(span);
      last.probabilities.push(...measured);
    } else found.push({ speech: [span], code, probabilities: measured });
  }
  if (likeliestOfAll && found.length === 1 && found[0]?.code === usual) {
    return [{ speech: spans.map(({ span }) => span), ...likeliestOfAll }];
  }
  return found.map(({ speech, code, probabilities }) => ({
    speech,
    code,
    probability: probabilities.length === 0 ? null : Math.max(...probabilities),
  }));
}

/** The sound of one stay out of a piece that begins at `fromMs`: up to the middle of the pauses around it. */
export function partOf(
  { samples, fromMs }: { readonly samples: Float32Array; readonly fromMs: number },
  before: Stay | undefined,
  { speech }: Stay,
  after: Stay | undefined,
): { readonly samples: Float32Array; readonly fromMs: number; readonly speech: readonly TimeSpan[] } {
  const sampleAt = (ms: number) => Math.round(((ms - fromMs) * SAMPLE_RATE_HZ) / 1_000);
  const from = before ? sampleAt(((before.speech.at(-1)?.endMs ?? 0) + (speech[0]?.startMs ?? 0)) / 2) : 0;
  const to = after ? sampleAt(((speech.at(-1)?.endMs ?? 0) + (after.speech[0]?.startMs ?? 0)) / 2) : samples.length;
  return { samples: samples.slice(from, to), fromMs: fromMs + (from * 1_000) / SAMPLE_RATE_HZ, speech };
}
