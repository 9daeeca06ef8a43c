import type { SettledPart, SettledTurn } from '#ask/index.ts';
import type { ChatMessage } from '#contract/chat.ts';
import type { MediaPart } from '#contract/media.ts';
import type { Perception } from '#contract/perception.ts';
import type { Plan } from '#contract/plan.ts';
import type { PromptVectors } from '#contract/prompt-vectors.ts';
import type { MediaInput } from '#media/index.ts';

/** A piece of a message as it comes in. `detail` is how closely a picture is to be looked at. */
export type TurnPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'media'; readonly input: MediaInput; readonly detail?: string | undefined }
  | { readonly kind: 'vectors'; readonly vectors: PromptVectors };

/** One message of a conversation as it comes in. */
export interface Turn extends Omit<ChatMessage, 'content'> {
  readonly content: readonly TurnPart[];
}

/** A medium to take in, and whether it is the user's own: a model takes no media from anybody else. */
export interface Incoming {
  readonly input: MediaInput;
  readonly fromUser: boolean;
}

/** The media of a conversation in the order given: the first is `part-1`. */
export function mediaIn(turns: readonly Turn[]): Incoming[] {
  return turns.flatMap(({ role, content }) =>
    content.flatMap((part) => (part.kind === 'media' ? [{ input: part.input, fromUser: role === 'user' }] : [])),
  );
}

/** The vectors a caller brought, in the order given. */
export function vectorsIn(turns: readonly Turn[]): PromptVectors[] {
  return turns.flatMap(({ content }) => content.flatMap((part) => (part.kind === 'vectors' ? [part.vectors] : [])));
}

/** What the last message asks in words, or `null`. */
export function questionIn(turns: readonly Turn[]): string | null {
  const words = turns.at(-1)?.content.flatMap((part) => (part.kind === 'text' ? [part.text] : [])) ?? [];
  const question = words.join('\n\n').trim();
  return question === '' ? null : question;
}

/** Puts in place of each medium what has become of it; one that was dropped leaves no trace here. */
export function settle(
  turns: readonly Turn[],
  taken: readonly MediaPart[],
  perceptions: ReadonlyMap<string, Perception>,
  handed: ReadonlyMap<string, readonly SettledPart[]>,
  plan: Plan,
): SettledTurn[] {
  let at = 0;
  const steps = new Map(plan.map((step) => [step.part, step]));
  return turns.map((turn) => ({
    ...turn,
    content: turn.content.flatMap((part): SettledPart[] => {
      if (part.kind !== 'media') return [part];
      const name = taken[at++]?.media.part;
      const step = name === undefined ? undefined : steps.get(name);
      if (name === undefined || step === undefined) return [];
      const perception = perceptions.get(name);
      const isText = step.route === 'text' || step.beside !== null;
      const media = (handed.get(name) ?? []).map((one) =>
        one.kind === 'media' ? { ...one, detail: part.detail } : one,
      );
      return [...media, ...(perception && isText ? [{ kind: 'perceived', perception } as const] : [])];
    }),
  }));
}
