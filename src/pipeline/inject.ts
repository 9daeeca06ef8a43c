import type { Injected, SettledPart } from '#ask/index.ts';
import { isSensoriumError, SensoriumError } from '#contract/error.ts';
import type { GateCheck } from '#contract/gate.ts';
import { lossOf } from '#contract/loss.ts';
import type { MediaPart } from '#contract/media.ts';
import { type Perception, textGiven } from '#contract/perception.ts';
import type { Plan, RouteWish } from '#contract/plan.ts';
import type { LanguageModel } from '#contract/ports.ts';
import type { PromptVectors } from '#contract/prompt-vectors.ts';
import type { GivenVectors } from '#ledger/index.ts';
import type { Injection } from '#plan/index.ts';
import type { Attempt } from './attempts.ts';
import type { Turn, TurnPart } from './conversation.ts';
import { tellFate } from './fates.ts';
import type { Parts } from './parts.ts';
import type { Trip } from './trip.ts';

/** What may make vectors of each part for one model, by the part's name; a sentence says why nothing does. */
export type Injections = ReadonlyMap<string, Injection | string>;

/** What the planner may know of vectors for these parts before this model; reads what the gate wrote down and opens nothing. */
export async function injectionsFor(
  taken: readonly MediaPart[],
  { model, noVectors }: Pick<Attempt, 'model' | 'noVectors'>,
  parts: Parts,
): Promise<Injections> {
  const found = new Map<string, Injection | string>();
  for (const { media } of taken) {
    const way = await parts.injecting.way(media.kind, model);
    if (way !== undefined) found.set(media.part, noVectors ? FAILED : way);
  }
  return found;
}

const FAILED = 'That failed just now.';

/** Parts that became vectors, and those that in the end did not, each with why. */
export interface InjectedParts {
  readonly content: ReadonlyMap<string, readonly SettledPart[]>;
  readonly given: readonly GivenVectors[];
  readonly refused: ReadonlyMap<string, string>;
}

/** Step 4d: makes vectors of every part whose route says so, and holds them against the gate once more before they go in. */
export async function injectParts(
  plan: Plan,
  of: { readonly taken: readonly MediaPart[]; readonly perceptions: ReadonlyMap<string, Perception> },
  model: string,
  parts: Parts,
  trip: Trip,
): Promise<InjectedParts> {
  const content = new Map<string, readonly SettledPart[]>();
  const given: GivenVectors[] = [];
  const refused = new Map<string, string>();
  for (const step of plan.filter(({ route }) => route === 'embedding')) {
    const media = of.taken.find((one) => one.media.part === step.part) ?? null;
    const perception = of.perceptions.get(step.part) ?? null;
    try {
      await trip.stage('embed', async () => {
        const { component, report, check } = await parts.injecting.open(step.kind, model, trip.signal);
        const text = perception === null ? null : textGiven(perception);
        const vectors = await component.embed({ part: step.part, media, perception, text }, trip.context);
        mustPass(await check(vectors), vectors, trip);
        const injected: Injected = { kind: 'injected', vectors, as: perception?.kind ?? TEXT_OF[step.kind] };
        content.set(step.part, [injected]);
        given.push({ part: step.part, report });
        const how = `${component.manifest.id} made ${vectors.rows} vectors of it for ${model}.`;
        tellFate(step.part, 'embedding', how, trip);
      });
    } catch (error) {
      if (!isSensoriumError(error) || !error.code.startsWith('inject.') || trip.signal.aborted) throw error;
      refused.set(step.part, error.message);
      trip.context.note(
        lossOf({
          kind: 'fell-back',
          stage: 'embed',
          part: step.part,
          engine: step.engine,
          message: `${step.part} did not go in as vectors: ${error.message}`,
          action: 'Chose another way for it.',
        }),
      );
    }
  }
  return { content, given, refused };
}

/** What a part is called among texts where nothing was perceived of it. */
const TEXT_OF = {
  audio: 'transcript',
  image: 'picture',
  video: 'timeline',
  document: 'document',
  text: 'plain-text',
} as const;

/**
 * The conversation with the vectors a caller brought, where the model takes them and they pass what can be checked of them; else with
 * the words they stand for in their place. Throws `inject.refused-by-gate` where the embedding route is required.
 */
export async function settleBrought(
  turns: readonly Turn[],
  asked: { readonly model: LanguageModel; readonly attempt: Attempt; readonly wish?: RouteWish | undefined },
  parts: Parts,
  trip: Trip,
): Promise<{ readonly turns: readonly Turn[]; readonly given: readonly GivenVectors[] }> {
  const given: GivenVectors[] = [];
  const settled = async (part: TurnPart): Promise<TurnPart> => {
    if (part.kind !== 'vectors') return part;
    const { vectors } = part;
    try {
      if (asked.attempt.noVectors || asked.model.capabilities.embeddings === false)
        throw refusal({ ...NO_PLACE, message: `${asked.model.id} takes no vectors.` }, vectors);
      mustPass(await parts.injecting.check(vectors, asked.attempt.model, trip.signal), vectors, trip);
      given.push({ part: vectors.part, report: null });
      return part;
    } catch (error) {
      if (!isSensoriumError(error) || !error.code.startsWith('inject.')) throw error;
      if (asked.wish?.policy === 'require' && asked.wish.route === 'embedding') throw error;
      const { part: name } = vectors;
      trip.context.note(
        lossOf({
          kind: 'fell-back',
          stage: 'embed',
          message: `${name} did not go in as vectors: ${error.message}`,
          action: 'Gave the words they stand for in their place.',
        }),
      );
      return { kind: 'text', text: vectors.surrogate };
    }
  };
  const out: Turn[] = [];
  for (const turn of turns) {
    const content: TurnPart[] = [];
    for (const part of turn.content) content.push(await settled(part));
    out.push({ ...turn, content });
  }
  return { turns: out, given };
}

const NO_PLACE = {
  ...({ check: 'server', outcome: 'refused', code: 'EMB_SERVER_UNSUPPORTED', value: null } as const),
  ...{ measured: null, threshold: null, remedy: 'Use a model of this machine, of vLLM or of SGLang; or send text.' },
};

/** Notes what the gate warns of, and throws what it refuses. */
function mustPass(checks: readonly GateCheck[], vectors: PromptVectors, trip: Trip): void {
  for (const check of checks) {
    if (check.outcome === 'refused') throw refusal(check, vectors);
    if (check.outcome !== 'warned') continue;
    const { part, component } = vectors;
    const { message, remedy } = check;
    trip.context.note(
      lossOf({ kind: 'vectors-drifted', stage: 'embed', part, engine: component, message, action: remedy }),
    );
  }
}

function refusal(
  { code, message, measured, threshold, remedy }: GateCheck,
  { part, component }: PromptVectors,
): SensoriumError {
  return new SensoriumError('inject.refused-by-gate', message, {
    hint: remedy ?? 'Send text instead, or run `sensorium gate check`.',
    details: {
      part,
      ...(code === null ? {} : { code }),
      ...(component === null ? {} : { component }),
      ...(measured === null ? {} : { measured }),
      ...(threshold === null ? {} : { threshold }),
      fallback: 'text',
    },
  });
}
