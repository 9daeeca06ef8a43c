import type { PromptPiece } from '#contract/prompt-vectors.ts';
import { highest, logSumExp } from './chances.ts';
import { batchEnds, type Feeding, openFeeder } from './feed.ts';
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
  last(prompt: Prompt, signal: AbortSignal): Promise<Float32Array>;
  prompt(pieces: readonly PromptPiece[]): Prompt;
}

/**
 * The engine over a loaded model. What the context has read stays in it, and whole batches at the beginning of the next prompt that are
 * the same are not read again. Answers do not depend on it: where a prompt is cut depends on the prompt alone.
 */
export function engineOf(model: LoadedModel): Engine {
  const { api } = model;
  const feeder = openFeeder(model);
  let read: { readonly units: readonly Unit[]; readonly ends: readonly number[] } = { units: [], ends: [] };
  /** The logits after the last position of a prompt, for all that is asked after it. */
  let kept: { readonly position: number; readonly logits: Float32Array } | null = null;

  /** Reads what of a prompt is not read yet; `first` is the first position whose logits are wanted. */
  async function readOn({ units, cuts }: Prompt, first: number, how: Feeding, signal: AbortSignal): Promise<void> {
    const ends = batchEnds(units, cuts, model.batchTokens);
    const known = kept?.position === first ? kept.logits : null;
    const most = Math.min(sharedStart(read.units, units), known ? first + 1 : first);
    let from = 0;
    for (const [at, end] of ends.entries()) {
      if (end > most || end !== read.ends[at]) break;
      from = end;
    }
    if (from < read.units.length && api.llama_memory_seq_rm(model.memory, 0, from, -1) !== true) from = 0;
    if (from === 0) api.llama_memory_clear(model.memory, true);
    // Until it is read, nobody may count on it.
    read = { units: [], ends: [] };
    if (known && from === first + 1) how.take(first, known);
    const take = (position: number, logits: Float32Array) => {
      if (position === first) kept = { position, logits: logits.slice() };
      how.take(position, logits);
    };
    await feeder.feed(units, from, ends, { wants: how.wants, take }, signal);
    read = { units, ends };
  }

  return {
    model,
    words: wordsOf(model),
    prompt: (pieces) => promptOf(pieces, model),

    async logits(pieces, signal) {
      const all: Float32Array[] = [];
      const take = (_: number, logits: Float32Array) => void all.push(logits.slice());
      await readOn(promptOf(pieces, model), 0, { wants: () => true, take }, signal);
      return all;
    },

    async score(pieces, target, signal) {
      const { units, cuts } = promptOf(pieces, model);
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
      const whole = { units: [...units, ...target.slice(0, -1)], cuts: new Set([...cuts, units.length]) };
      await readOn(whole, lastOfPrompt, { wants, take }, signal);
      return found;
    },

    async last(prompt, signal) {
      const at = prompt.units.length - 1;
      let found: Float32Array | null = null;
      const take = (_: number, logits: Float32Array) => {
        found = logits;
      };
      await readOn(prompt, at, { wants: (position) => position === at, take }, signal);
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
