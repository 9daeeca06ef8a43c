import type { TimeSpan } from '#contract/finding.ts';
import { alignTokens } from '../../align.ts';
import { interpolate, tokenSpans, voicedFrames } from '../../place.ts';
import { FRAME_MS } from './encoder.ts';

/** Times of the tokens in the recording, and how they came about. */
export interface TokenTimes {
  readonly spans: readonly TimeSpan[];
  readonly source: 'attention' | 'interpolated';
}

/** Times from attention: one row per token, one column per encoded frame, the first of which begins at `fromMs`. */
export function timesByAttention(
  attention: readonly Float32Array[],
  fromMs: number,
  speech: readonly TimeSpan[],
): TokenTimes | null {
  const clock = { frameMs: FRAME_MS, fromMs };
  const voiced = voicedFrames(attention[0]?.length ?? 0, clock, speech);
  const table = new Float32Array(attention.length * voiced.length);
  for (const [token, row] of attention.entries()) {
    for (const [column, frame] of voiced.entries()) table[token * voiced.length + column] = row[frame] ?? 0;
  }
  const first = alignTokens(table, attention.length, voiced.length);
  return first && { spans: tokenSpans(first, voiced, clock), source: 'attention' };
}

/** A stretch of text between two times the model wrote; `null` where it wrote none. Times count from the sound's start. */
export interface Stretch<T> {
  readonly tokens: readonly T[];
  readonly startMs: number | null;
  readonly endMs: number | null;
}

/** Takes the text apart at the times written in it, which are tokens from `firstTime` on, 20 ms a step. */
export function stretches<T extends { readonly id: number }>(tokens: readonly T[], firstTime: number): Stretch<T>[] {
  const found: { tokens: T[]; startMs: number | null; endMs: number | null }[] = [];
  let open: (typeof found)[number] | undefined;
  for (const token of tokens) {
    if (token.id < firstTime) {
      open ??= { tokens: [], startMs: null, endMs: null };
      open.tokens.push(token);
      continue;
    }
    const ms = (token.id - firstTime) * FRAME_MS;
    if (open && open.tokens.length > 0) {
      found.push({ ...open, endMs: ms });
      open = undefined;
    } else open = { tokens: [], startMs: ms, endMs: null };
  }
  if (open && open.tokens.length > 0) found.push(open);
  return found;
}

/** Spreads each stretch of text over the voiced time between its ends; `null` where there is none between them. */
export function timesByStretches<T>(
  parts: readonly Stretch<T>[],
  textOf: (token: T) => string,
  fromMs: number,
  speech: readonly TimeSpan[],
): TokenTimes | null {
  const spans: TimeSpan[] = [];
  for (const { tokens, startMs, endMs } of parts) {
    const from = startMs === null ? 0 : startMs + fromMs;
    const to = endMs === null ? Number.POSITIVE_INFINITY : endMs + fromMs;
    const between = speech
      .map((span) => ({ startMs: Math.max(from, span.startMs), endMs: Math.min(to, span.endMs) }))
      .filter((span) => span.endMs > span.startMs);
    if (between.length === 0) return null;
    spans.push(...interpolate(tokens.map(textOf), between));
  }
  return { spans, source: 'interpolated' };
}
