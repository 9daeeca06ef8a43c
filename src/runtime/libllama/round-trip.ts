import { logSumExp } from './chances.ts';
import { chatPrompt } from './chat-prompt.ts';
import type { Engine } from './engine.ts';
import { SAMPLE_TEXTS } from './sample-texts.ts';
import type { Table } from './table.ts';

/** How far rows of the model's own table are from its tokens: over all positions, and all logits at each. */
export interface RoundTrip {
  readonly maxAbsDiff: number;
  /** Mean divergence of the next token's distribution, in nats. */
  readonly meanKl: number;
  /** Share of positions at which the same token is the likeliest. */
  readonly argmaxAgreement: number;
  readonly positions: number;
  readonly tokens: number;
  /** What the rows were multiplied by. */
  readonly scale: number;
  /** The same tokens cut at another place: what any two ways to read the same prompt differ by. */
  readonly splitFloor: { readonly maxAbsDiff: number; readonly meanKl: number };
}

/** A round trip passes when it is exact, or within ten times the noise floor with the same likeliest tokens. */
export function passes({ maxAbsDiff, meanKl, argmaxAgreement, splitFloor }: RoundTrip): boolean {
  return maxAbsDiff === 0 || (meanKl <= Math.max(10 * splitFloor.meanKl, 1e-5) && argmaxAgreement >= 0.99);
}

/**
 * Reads fixed texts and the model's own chat template as tokens and as rows of its table, cut at the same places, and compares the
 * logits. Where raw rows are not exact, rows × √width are tried: a Gemma multiplies its own rows by that and raw ones not; the nearer
 * of both counts. The floor is measured when raw rows are not exact, or when `withFloor` says so.
 */
export async function roundTrip(
  engine: Engine,
  table: Table,
  template: string | null,
  how: { readonly texts: number; readonly withFloor: boolean },
  signal: AbortSignal,
): Promise<RoundTrip> {
  const texts = SAMPLE_TEXTS.slice(0, how.texts).map((text) => engine.words.tokens(text, { ends: true }));
  const prompts = [...texts, templated(template, engine)].filter((tokens) => tokens.length > 0);
  const raw = await compare(engine, table, prompts, 1, signal);
  if (raw.maxAbsDiff === 0 && !how.withFloor) return { ...raw, splitFloor: { maxAbsDiff: 0, meanKl: 0 } };
  const splitFloor = await floorOf(engine, prompts, signal);
  if (raw.maxAbsDiff === 0) return { ...raw, splitFloor };
  const scaled = await compare(engine, table, prompts, Math.sqrt(table.width), signal);
  // What is not a number is never nearer.
  return { ...(scaled.meanKl < raw.meanKl || Number.isNaN(raw.meanKl) ? scaled : raw), splitFloor };
}

/** Rows of a table as the engine takes them: scaled, and followed by zeros where it takes features for deeper layers. */
export function asInput(rows: Float32Array, tableWidth: number, width: number, scale: number): Float32Array {
  if (width === tableWidth && scale === 1) return rows;
  const count = rows.length / tableWidth;
  const out = new Float32Array(count * width);
  for (let row = 0; row < count; row++) {
    for (let at = 0; at < tableWidth; at++) out[row * width + at] = scale * (rows[row * tableWidth + at] ?? 0);
  }
  return out;
}

async function compare(
  engine: Engine,
  table: Table,
  prompts: readonly (readonly number[])[],
  scale: number,
  signal: AbortSignal,
): Promise<Omit<RoundTrip, 'splitFloor'>> {
  const sums = tally();
  for (const tokens of prompts) {
    const rows = asInput(await table.rows(tokens), table.width, engine.model.width, scale);
    const asTokens = await engine.logits([{ tokens }], signal);
    const asVectors = await engine.logits([{ vectors: rows }], signal);
    for (const [at, logits] of asTokens.entries()) sums.add(logits, asVectors[at] ?? new Float32Array());
  }
  return { ...sums.result(), tokens: sums.positions, scale };
}

async function floorOf(engine: Engine, prompts: readonly (readonly number[])[], signal: AbortSignal) {
  const sums = tally();
  for (const tokens of prompts) {
    const middle = Math.floor(tokens.length / 2);
    const whole = await engine.logits([{ tokens }], signal);
    const halves = await engine.logits([{ tokens: tokens.slice(0, middle) }, { tokens: tokens.slice(middle) }], signal);
    for (const [at, logits] of whole.entries()) sums.add(logits, halves[at] ?? new Float32Array());
  }
  const { maxAbsDiff, meanKl } = sums.result();
  return { maxAbsDiff, meanKl };
}

/** Adds up how two lists of logits differ. */
export function tally() {
  let [maxAbsDiff, kl, agreed, positions] = [0, 0, 0, 0];
  return {
    add(one: Float32Array, other: Float32Array): void {
      const [oneTotal, otherTotal] = [logSumExp(one), logSumExp(other)];
      let [bestOne, bestOther, divergence] = [0, 0, 0];
      for (let at = 0; at < one.length; at++) {
        const [left, right] = [one[at] ?? 0, other[at] ?? Number.NaN];
        const apart = Math.abs(left - right);
        // Whatever is not a number is as far as can be.
        if (!(apart <= maxAbsDiff)) maxAbsDiff = Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart;
        divergence += Math.exp(left - oneTotal) * (left - oneTotal - (right - otherTotal));
        if (left > (one[bestOne] ?? 0)) bestOne = at;
        if (right > (other[bestOther] ?? 0)) bestOther = at;
      }
      kl += divergence;
      agreed += bestOne === bestOther ? 1 : 0;
      positions += 1;
    },
    get positions() {
      return positions;
    },
    result: () => ({ maxAbsDiff, meanKl: kl / positions, argmaxAgreement: agreed / positions, positions }),
  };
}

const CONVERSATION = [
  { role: 'user', parts: ['What is the capital of France?'] },
  { role: 'assistant', parts: ['Paris.'] },
  { role: 'user', parts: ['谢谢!'] },
];

/** A short conversation in the model's own template; none where it has no template that works. */
function templated(template: string | null, engine: Engine): readonly number[] {
  try {
    return chatPrompt(CONVERSATION, template, engine.words).flatMap((piece) => ('tokens' in piece ? piece.tokens : []));
  } catch {
    return [];
  }
}
