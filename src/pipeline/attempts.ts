import { isSensoriumError } from '#contract/error.ts';
import type { MediaKind } from '#contract/media.ts';
import type { Plan } from '#contract/plan.ts';
import type { LanguageModel } from '#contract/ports.ts';

/** One try at an answer: which model is asked, and which parts are not handed to it natively. */
export interface Attempt {
  readonly model: string;
  readonly asText: ReadonlySet<string>;
  /** Clips of what goes in as text do not go beside it again. */
  readonly noClips?: boolean | undefined;
  /** Nothing goes in as vectors again. */
  readonly noVectors?: boolean | undefined;
}

/** What is known of a try that came to nothing. */
export interface Failed {
  readonly attempt: Attempt;
  readonly error: unknown;
  /** `null` when it could not even be opened. */
  readonly model: LanguageModel | null;
  readonly plan: Plan;
  /** Clips went along beside text. */
  readonly clips?: boolean | undefined;
  /** Something went in as vectors. */
  readonly vectors?: boolean | undefined;
  /** Something of an answer has gone out: it cannot be taken back. */
  readonly said: boolean;
}

/** Parts of a plan that were handed over though nobody knew whether the model takes them. */
export function trialsIn(
  plan: Plan,
  { capabilities }: Pick<LanguageModel, 'capabilities'>,
): { part: string; kind: MediaKind }[] {
  return plan.filter(
    ({ route, kind, form }) => route === 'native' && form === 'whole' && capabilities.input[kind] === 'unknown',
  );
}

/**
 * Who is asked next; `null` where nobody is: after a mistake of the caller's, after a word has gone out, or at the end of the
 * chain. A model that failed over media is asked once more without handing it any; then the next of the chain is asked.
 */
export function nextAttempt(
  { attempt, error, model, plan, clips, vectors, said }: Failed,
  chain: readonly string[],
): Attempt | null {
  if (said || !isSensoriumError(error)) return null;
  const native = plan.filter(({ route }) => route === 'native').map(({ part }) => part);
  const onTrial = model ? trialsIn(plan, model).map(({ part }) => part) : [];
  const again = (parts: readonly string[]): Attempt => ({ ...attempt, asText: new Set([...attempt.asText, ...parts]) });
  // Clips were our idea, and the text is there without them.
  const isAboutMedia = error.code === 'ask.refused' || error.code === 'ask.upstream-failed';
  if (clips && !attempt.noClips && isAboutMedia) return { ...attempt, noClips: true };
  // A server that takes no vectors after all, or an engine that fails over them: the words are there.
  if (vectors && !attempt.noVectors && (isAboutMedia || error.code === 'inject.engine-unusable'))
    return { ...attempt, noVectors: true };
  const isElsewheres = error.blame === 'upstream' || error.blame === 'operator';
  // A refusal of what nobody knew it takes, or of frames that were made here, is no mistake of the caller's.
  const ours = [...onTrial, ...plan.filter(({ form }) => form === 'frames').map(({ part }) => part)];
  if (error.code === 'ask.refused') return ours.length > 0 ? again(ours) : null;
  if (!isElsewheres) return null;
  // A server that cannot make sense of a medium may answer 500; one that is not there helps nobody with text either.
  if (error.code === 'ask.upstream-failed' && native.length > 0 && attempt.asText.size === 0) return again(native);
  const next = chain[chain.indexOf(attempt.model) + 1];
  return next === undefined ? null : { model: next, asText: new Set() };
}
