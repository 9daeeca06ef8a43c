import type { PromptPiece } from '#contract/prompt-vectors.ts';
import { highest, logSumExp } from './chances.ts';
import { type Feeding, openFeeder } from './feed.ts';
import type { LoadedModel } from './model.ts';
import { mustBeToken, mustFit, type Prompt, promptOf, sharedStart, type Unit } from './prompt.ts';
import { engineUnusable } from './refusals.ts';
import { wordsOf } from './words.ts';

/** A language model that takes tokens and vectors alike. One call at a time. */
export interface Engine {
  readonly model: LoadedModel;
  readonly words: ReturnType<typeof wordsOf>;
  /** The logits after each position, read anew and cut as the pieces are cut. */
  logits(pieces: readonly PromptPiece[], signal: AbortSignal): Promise<readonly Float32Array[]>;
  /** Natural log-probability of each target token after the prompt and the targets before it. */
  score(pieces: readonly PromptPiece[], target: readonly number[], signal: AbortSignal): Promise<Float64Array>;
  /** The logits after the last position, as a view that the next call overwrites. */
  last(prompt: readonly Unit[], signal: AbortSignal): Promise<Float32Array>;
  prompt(pieces: readonly PromptPiece[]): Prompt;
}

const NO_CUTS: ReadonlySet<number> = new Set();

/**
 * The engine over a loaded model. What the context has read stays in it: the next prompt that begins the same way is read from
 * where it differs.
 */
export function engineOf(model: LoadedModel): Engine {
  const { api } = model;
  const feeder = openFeeder(model);
  let read: readonly Unit[] = [];

  /** Reads what of `units` is not read yet, and from `atLeast` on in any case. */
  async function readOn(units: readonly Unit[], atLeast: number, how: Feeding, signal: AbortSignal): Promise<void> {
    let from = Math.min(sharedStart(read, units), atLeast);
    if (from < read.length && api.llama_memory_seq_rm(model.memory, 0, from, -1) !== true) from = 0;
    if (from === 0) api.llama_memory_clear(model.memory, true);
    // Until it is read, nobody may count on it.
    read = units.slice(0, from);
    try {
      await feeder.feed(units, from, how, signal);
      read = units;
    } catch (error) {
      read = [];
      throw error;
    }
  }

  return {
    model,
    words: wordsOf(model),
    prompt: (pieces) => promptOf(pieces, model),

    async logits(pieces, signal) {
      const { units, cuts } = promptOf(pieces, model);
      const all: Float32Array[] = [];
      await readOn(units, 0, { cuts, wants: () => true, take: (_, logits) => all.push(logits.slice()) }, signal);
      return all;
    },

    async score(pieces, target, signal) {
      const { units } = promptOf(pieces, model);
      for (const token of target) mustBeToken(token, model.vocabulary);
      mustFit(units.length + target.length, model);
      const found = new Float64Array(target.length);
      if (target.length === 0) return found;
      const lastOfPrompt = units.length - 1;
      const take = (position: number, logits: Float32Array) => {
        const at = position - lastOfPrompt;
        found[at] = (logits[target[at] ?? 0] ?? Number.NaN) - logSumExp(logits);
      };
      const wants = (position: number) => position >= lastOfPrompt;
      // After the last target nothing is asked.
      await readOn([...units, ...target.slice(0, -1)], lastOfPrompt, { cuts: NO_CUTS, wants, take }, signal);
      return found;
    },

    async last(units, signal) {
      const at = units.length - 1;
      let found: Float32Array | null = null;
      const take = (_: number, logits: Float32Array) => {
        found = logits;
      };
      await readOn(units, at, { cuts: NO_CUTS, wants: (position) => position === at, take }, signal);
      if (found === null) throw engineUnusable('EMB_ENGINE_ABI', 'llama.cpp gave no logits.');
      return found;
    },
  };
}

/** The likeliest next tokens with their natural log-probabilities, best first. */
export function likeliest(
  logits: Float32Array,
  top: number,
): readonly { readonly token: number; readonly logprob: number }[] {
  const total = logSumExp(logits);
  return highest(logits, top).map((token) => ({ token, logprob: (logits[token] ?? 0) - total }));
}
