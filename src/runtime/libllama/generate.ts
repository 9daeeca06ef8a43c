import { createHash, randomInt } from 'node:crypto';
import { highest, logSumExp } from './chances.ts';
import { type Engine, likeliest } from './engine.ts';
import type { Prompt } from './prompt.ts';

/** How an answer is written. */
export interface Writing {
  readonly maxTokens: number;
  /** 0: always the likeliest token. */
  readonly temperature: number;
  readonly topP: number;
  readonly seed: number | null;
  /** How many of the likeliest tokens are told at each step; `null`: no log-probabilities at all. */
  readonly top: number | null;
}

/** One token of an answer. Log-probabilities are the model's own, before any temperature. */
export interface Step {
  readonly token: number;
  readonly bytes: Buffer;
  readonly logprob: number | null;
  readonly top: readonly { readonly token: number; readonly logprob: number }[];
}

/**
 * Writes after a prompt, token by token, and returns why it ended: `stop` at the model's own end, `length` after `maxTokens` or with
 * the context full.
 */
export async function* generate(
  engine: Engine,
  { units: given, cuts: givenCuts }: Prompt,
  writing: Writing,
  signal: AbortSignal,
): AsyncGenerator<Step, 'stop' | 'length'> {
  const units = [...given];
  const cuts = new Set(givenCuts);
  const draw = drawer(writing);
  for (let count = 0; count < writing.maxTokens; count++) {
    const logits = await engine.last({ units, cuts }, signal);
    const token = draw(logits, count);
    if (engine.words.ends(token)) return 'stop';
    const logprob = writing.top === null ? null : (logits[token] ?? Number.NaN) - logSumExp(logits);
    const top = writing.top === null ? [] : likeliest(logits, writing.top);
    yield { token, bytes: engine.words.bytes(token), logprob, top };
    if (units.length >= engine.model.contextTokens) return 'length';
    // Each token that is written is a batch of its own.
    cuts.add(units.length);
    units.push(token);
  }
  return 'length';
}

/** Chooses a token by its logits: the likeliest, or by chance among the likeliest that together have `topP`. */
function drawer({ temperature, topP, seed }: Writing): (logits: Float32Array, count: number) => number {
  if (temperature === 0) return (logits) => highest(logits, 1)[0] ?? 0;
  const start = seed ?? randomInt(2 ** 47);
  return (logits, count) => {
    const warm = logits.map((logit) => logit / temperature);
    const total = logSumExp(warm);
    // What is less likely than this can hardly be drawn, and need not be sorted.
    const kept = [...warm.keys()].filter((token) => (warm[token] ?? 0) - total > LEAST_LOG);
    kept.sort((one, other) => (warm[other] ?? 0) - (warm[one] ?? 0) || one - other);
    const shares = kept.map((token) => Math.exp((warm[token] ?? 0) - total));
    let [sum, allowed] = [0, 0];
    for (; allowed < shares.length && (allowed === 0 || sum < topP); allowed++) sum += shares[allowed] ?? 0;
    let left = chance(start, count) * sum;
    for (let at = 0; at < allowed; at++) {
      left -= shares[at] ?? 0;
      if (left < 0) return kept[at] ?? 0;
    }
    return kept[allowed - 1] ?? 0;
  };
}

const LEAST_LOG = -18;

/** A number in [0, 1) that depends on nothing but these two. */
function chance(seed: number, count: number): number {
  return createHash('sha256').update(`${seed}:${count}`).digest().readUIntBE(0, 6) / 2 ** 48;
}
