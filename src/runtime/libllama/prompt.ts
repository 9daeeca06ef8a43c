import type { PromptPiece } from '#contract/prompt-vectors.ts';
import { badVectors } from './refusals.ts';

/** What lies at one position: a token, or a row of numbers. */
export type Unit = number | Float32Array;

/** A prompt position by position; `cuts` are the positions at which a piece begins. */
export interface Prompt {
  readonly units: readonly Unit[];
  readonly cuts: ReadonlySet<number>;
}

/** What a model takes. */
export interface Room {
  readonly width: number;
  readonly vocabulary: number;
  readonly contextTokens: number;
}

/**
 * A prompt as the engine may have it: every token is one of the vocabulary, every row of the model's width and finite, all of it
 * within the context. Throws `inject.bad-vectors`: the engine itself would read beyond a short buffer, and answers NaN with success.
 */
export function promptOf(pieces: readonly PromptPiece[], room: Room): Prompt {
  const units: Unit[] = [];
  const cuts = new Set<number>();
  for (const piece of pieces) {
    cuts.add(units.length);
    if ('tokens' in piece) {
      for (const token of piece.tokens) {
        mustBeToken(token, room.vocabulary);
        units.push(token);
      }
    } else for (const row of rowsOf(piece.vectors, room.width, units.length)) units.push(row);
    mustFit(units.length, room);
  }
  if (units.length === 0) throw badVectors('EMB_SHAPE', 'The prompt is empty.', 'Give it at least one token or row.');
  return { units, cuts };
}

/** Throws `inject.bad-vectors` when so many positions are more than the context holds. */
export function mustFit(positions: number, { contextTokens }: Room): void {
  if (positions <= contextTokens) return;
  throw badVectors(
    'EMB_TOO_LARGE',
    `The prompt with what follows is ${positions} positions or more; the context holds ${contextTokens}.`,
    'Give fewer vectors or words, or open the model with a larger context.',
    { positions, contextTokens },
  );
}

export function mustBeToken(token: number, vocabulary: number): void {
  if (Number.isInteger(token) && token >= 0 && token < vocabulary) return;
  throw badVectors('EMB_SHAPE', `${token} is no token of this model.`, `Tokens go from 0 to ${vocabulary - 1}.`);
}

function rowsOf(vectors: Float32Array, width: number, before: number): readonly Float32Array[] {
  if (vectors.length === 0 || vectors.length % width !== 0) {
    throw badVectors(
      'EMB_WIDTH',
      `${vectors.length} numbers are no rows of ${width}, which is the width of the model’s input.`,
      'Vectors of a search are no prompt. Use a component that was made for this model.',
      { width, numbers: vectors.length },
    );
  }
  const bad = vectors.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const row = Math.floor(bad / width);
    throw badVectors(
      'EMB_NOT_FINITE',
      `Row ${row} has a number that is not finite; the model would answer without an error, and nonsense.`,
      'Look for the component that made it.',
      { row, position: before + row },
    );
  }
  return Array.from({ length: vectors.length / width }, (_, row) => vectors.subarray(row * width, (row + 1) * width));
}

/** How many positions two prompts share from their beginning. */
export function sharedStart(one: readonly Unit[], other: readonly Unit[]): number {
  const most = Math.min(one.length, other.length);
  let at = 0;
  while (at < most && same(one[at], other[at])) at++;
  return at;
}

function same(one: Unit | undefined, other: Unit | undefined): boolean {
  if (typeof one === 'number' || typeof other === 'number') return one === other;
  return one !== undefined && other !== undefined && one.every((value, at) => value === other[at]);
}
