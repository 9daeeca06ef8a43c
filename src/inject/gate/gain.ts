import type { VectorModel } from '#contract/ports.ts';
import type { PromptPiece } from '#contract/prompt-vectors.ts';
import { throwIfCancelled } from '#kit/abort.ts';

/** Around what is read, so that the model repeats it: of five ways tried, the one with most gain for its length (docs/decisions). */
const BEFORE = '"';
const BETWEEN = '" "';

/** What a model is to say again, and how what stands for it is put to the model. */
export interface Reading {
  readonly target: readonly number[];
  readonly piece: PromptPiece;
}

/** Reads pieces to a model and scores what it then expects. */
export interface Reader {
  tokenize(text: string): Promise<readonly number[]>;
  /** Mean nats a token the target costs after the piece. */
  cost(piece: PromptPiece, target: readonly number[]): Promise<number>;
}

/** A model as the behavioural check asks it. */
export async function readerOf(
  model: VectorModel & { readonly score: NonNullable<VectorModel['score']> },
  signal: AbortSignal,
): Promise<Reader> {
  const before = { tokens: [...(model.opening ?? []), ...(await model.tokenize(BEFORE, signal))] };
  const between = { tokens: await model.tokenize(BETWEEN, signal) };
  return {
    tokenize: (text) => model.tokenize(text, signal),
    async cost(piece, target) {
      throwIfCancelled(signal);
      const logprobs = await model.score([before, piece, between], target, signal);
      return -logprobs.reduce((sum, one) => sum + one, 0) / target.length;
    },
  };
}

/**
 * The gain of each item in turn: what its target costs after another item’s piece minus what it costs after its own, in nats a token.
 * Another item through the same component is the baseline, so that what all pieces share (length, style, tone) counts for
 * nothing (research/embedding-route.md, 3.4). Item by item, so that whoever asks may stop.
 */
export async function* gains(
  reader: Reader,
  count: number,
  read: (at: number) => Promise<Reading>,
): AsyncGenerator<number> {
  const first = await read(0);
  let own = await reader.cost(first.piece, first.target);
  let target = first.target;
  for (let at = 0; at < count; at++) {
    const next = await read((at + 1) % count);
    // Both targets of one piece in a row: engines keep what they have read of a prompt.
    const nextOwn = await reader.cost(next.piece, next.target);
    yield (await reader.cost(next.piece, target)) - own;
    own = nextOwn;
    target = next.target;
  }
}
