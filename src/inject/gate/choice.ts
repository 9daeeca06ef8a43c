import type { VectorModel } from '#contract/ports.ts';
import type { PromptPiece } from '#contract/prompt-vectors.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { bootstrap } from '#score/index.ts';
import type { Behaviour } from './check-behaviour.ts';

const LETTERS = ['A', 'B', 'C', 'D'] as const;
const BY_CHANCE = 1 / LETTERS.length;
const TOP = 20;

/** Which of four sentences the model says the pieces are of. */
export interface ChoiceOptions {
  readonly signal: AbortSignal;
  onItem?(done: number, total: number): void;
}

/** Whether each item was recognised among four by its vectors, and by its text. */
export interface Choices {
  readonly byVectors: readonly boolean[];
  readonly byText: readonly boolean[];
}

/**
 * Behaviour where a server shows no log-probability of a prompt: after the vectors the model is asked which of four sentences it read, and
 * the likeliest of the four letters counts. The right letter changes from item to item, so that a liking for one counts for nothing.
 */
export async function chooseAmongFour(
  model: VectorModel,
  references: readonly string[],
  pieceOf: (at: number) => Promise<PromptPiece>,
  { signal, onItem }: ChoiceOptions,
): Promise<Choices> {
  const opening = model.opening?.length ? [{ tokens: model.opening }] : [];
  const before = { tokens: await model.tokenize('Text: ', signal) };
  const [byVectors, byText]: [boolean[], boolean[]] = [[], []];
  for (const [at, reference] of references.entries()) {
    throwIfCancelled(signal);
    const right = at % LETTERS.length;
    const question = { tokens: await model.tokenize(questionOf(references, at), signal) };
    const isRight = async (piece: PromptPiece) =>
      likeliestOf(await model.next([...opening, before, piece, question], TOP, signal)) === LETTERS[right];
    byVectors.push(await isRight(await pieceOf(at)));
    byText.push(await isRight({ tokens: await model.tokenize(reference, signal) }));
    onItem?.(at + 1, references.length);
  }
  return { byVectors, byText };
}

/** The share of what text tells that vectors tell, by how much oftener than by chance each is recognised. */
export function behaviourOf({ byVectors, byText }: Choices): Behaviour {
  const pairs = byVectors.map((vectors, at) => ({ vectors, text: byText[at] === true }));
  const above = (some: readonly { readonly vectors: boolean; readonly text: boolean }[], of: 'vectors' | 'text') =>
    some.filter((one) => one[of]).length / some.length - BY_CHANCE;
  const share = bootstrap(pairs, (some) => above(some, 'vectors') / Math.max(above(some, 'text'), 1 / some.length));
  const n = pairs.length;
  return { share, t: above(pairs, 'vectors') / Math.sqrt((BY_CHANCE * (1 - BY_CHANCE)) / n), items: n };
}

function questionOf(references: readonly string[], at: number): string {
  const right = at % LETTERS.length;
  const options = LETTERS.map((letter, place) => {
    const which = (at + place - right + references.length * LETTERS.length) % references.length;
    return `${letter}. ${references[which] ?? ''}`;
  });
  return `\n\nWhich of these says the same as the text?\n${options.join('\n')}\nThe answer is`;
}

function likeliestOf(next: readonly { readonly text: string; readonly logprob: number }[]): string | undefined {
  return [...next]
    .sort((one, other) => other.logprob - one.logprob)
    .map(({ text }) => text.trim())
    .find((text) => LETTERS.some((letter) => letter === text));
}
