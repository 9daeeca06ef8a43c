import { buildMessages } from '#ask/index.ts';
import type { ChatMessage } from '#contract/chat.ts';
import { isSensoriumError } from '#contract/error.ts';
import { lossOf } from '#contract/loss.ts';
import type { MediaPart } from '#contract/media.ts';
import type { Plan } from '#contract/plan.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { orCancelled } from '#kit/abort.ts';
import type { GivenVectors } from '#ledger/index.ts';
import { arrange } from '#native/index.ts';
import type { AnswerRequest } from './answer-request.ts';
import { type Attempt, nextAttempt, trialsIn } from './attempts.ts';
import { settle, type Turn } from './conversation.ts';
import { converse, type Voicing } from './converse.ts';
import { handOver } from './hand-over.ts';
import { type InjectedParts, injectionsFor, injectParts, settleBrought } from './inject.ts';
import type { Mending } from './mend.ts';
import type { Parts } from './parts.ts';
import type { Perceiving } from './perceiving.ts';
import { type Choosing, chooseRoutes, noteUntoldLanguage } from './routes.ts';
import type { Trip } from './trip.ts';
import { mustSpeak, type Speaker } from './voices.ts';

/** Everything the tries of one request share. */
export interface Going {
  readonly request: AnswerRequest;
  readonly turns: readonly Turn[];
  /** How many vectors the caller brought. */
  readonly vectors: number;
  readonly taken: readonly MediaPart[];
  readonly fromUser: ReadonlySet<string>;
  readonly heard: Perceiving;
  readonly mending: Mending;
  readonly speaker: Speaker | null;
  readonly voicing: Voicing | null;
  readonly made: MediaPart[];
  readonly parts: Parts;
  readonly trip: Trip;
}

export type Outcome = Awaited<ReturnType<typeof converse>>;

/** Asks one model after the other, as long as what goes wrong is not the caller's and nothing has been said. `asked`: by which name. */
export async function askAlong(
  going: Going,
  chain: readonly string[],
): Promise<{ model: LanguageModel; asked: string; plan: Plan; given: readonly GivenVectors[]; outcome: Outcome }> {
  const { parts, trip } = going;
  for (let attempt: Attempt = { model: chain[0] ?? parts.modelId, asText: new Set() }; ; ) {
    let plan: Plan = [];
    let model: LanguageModel | null = null;
    try {
      model = await parts.model(attempt.model, trip.signal);
      const { outcome, given } = await askOnce(going, attempt, model, (made) => {
        plan = made;
      });
      for (const { kind } of trialsIn(plan, model))
        parts.found.remember(attempt.model, kind, true, 'tried: it answered');
      return { model, asked: attempt.model, plan, given, outcome };
    } catch (error) {
      if (trip.signal.aborted) throw error;
      const said = trip.timings.firstTokenMs !== null || trip.timings.firstAudioMs !== null;
      const clips = going.mending.hasClips();
      const vectors = going.vectors > 0 || plan.some(({ route }) => route === 'embedding');
      const next = nextAttempt({ attempt, error, model, plan, clips, vectors, said }, chain);
      if (model && isSensoriumError(error) && error.code === 'ask.refused') {
        for (const { kind } of trialsIn(plan, model))
          parts.found.remember(attempt.model, kind, false, 'tried: it was refused');
      }
      if (!next) throw error;
      noteFallingBack(attempt, next, error, trip);
      attempt = next;
    }
  }
}

async function askOnce(
  going: Going,
  attempt: Attempt,
  model: LanguageModel,
  onPlan: (plan: Plan) => void,
): Promise<{ outcome: Outcome; given: readonly GivenVectors[] }> {
  const { request, taken, mending, speaker, voicing, parts, trip } = going;
  const own = speaker?.kind === 'model' ? speaker : null;
  if (own) mustSpeak(model.id, model.capabilities.output.audio);
  const injections = await injectionsFor(taken, attempt, parts);
  const mayInject = going.vectors > 0 || [...injections.values()].some((way) => typeof way !== 'string');
  const warmed = (one: LanguageModel) => (voicing ? Promise.all([one.warm(), voicing.engine.warm()]) : one.warm());
  // Vectors may go to another process than words: that is not known before the plan.
  const loading = mayInject ? Promise.resolve() : warmed(model);
  loading.catch(() => {});
  const { plan, content, given } =
    taken.length === 0 ? NO_MEDIA : await bringIn(going, { ...attempt, injections }, model, onPlan);
  if (taken.length === 0) trip.emit({ kind: 'plan-made', plan });
  const about = { model, attempt, wish: request.wish };
  const brought = await settleBrought(going.turns, about, parts, trip);
  const vectors = [...given, ...brought.given];
  const speaking = vectors.length > 0 ? await parts.injecting.model(attempt.model, trip.signal) : model;
  const messages = arrange(
    buildMessages({ system: request.system, turns: settle(brought.turns, taken, mending.perceptions, content, plan) }),
    model.capabilities.rules,
    own !== null,
    trip.context.note,
  );
  await orCancelled<unknown>(mayInject ? warmed(speaking) : loading, trip.signal);
  const startedMs = trip.elapsedMs();
  const speak = own ? { voice: own.voice } : undefined;
  const outcome = await converse({ ...askOf(request, messages), speak }, speaking, voicing, trip);
  const firstMs = trip.timings.firstTokenMs;
  for (const { route, kind } of plan) {
    if (route === 'native' && firstMs !== null) parts.experience.took('native', model.id, kind, firstMs - startedMs);
  }
  return { outcome, given: vectors };
}

interface BroughtIn extends Pick<InjectedParts, 'content' | 'given'> {
  readonly plan: Plan;
}

const NO_MEDIA: BroughtIn = { plan: [], content: new Map(), given: [] };

/** Chooses the way of every medium, brings it into that form, and gives the plan that came of it. */
async function bringIn(
  { request, taken, fromUser, heard, mending, made, parts, trip }: Going,
  { model: name, asText, noClips, injections }: Attempt & Pick<Choosing, 'injections'>,
  model: LanguageModel,
  onPlan: (plan: Plan) => void,
): Promise<BroughtIn> {
  const choose = (closed: Partial<Choosing> = {}): Plan => {
    const choosing = { taken, fromUser, asText, injections, ...closed };
    const made = chooseRoutes(choosing, model, parts, request.wish, trip);
    onPlan(made);
    return made;
  };
  let plan = choose();
  if (request.language !== undefined) noteUntoldLanguage(plan, trip);
  const { content, unfit } = await handOver(taken, plan, model, made, trip);
  if (unfit.size > 0) {
    // What does not fit goes in as text, where it can.
    plan = choose({ asText: new Set([...asText, ...unfit]) });
  }
  await heard.perceive(plan);
  let beside = await mending.mend(plan, model, { given: content, noClips });
  const vectors = await injectParts(plan, { taken, perceptions: mending.perceptions }, name, parts, trip);
  if (vectors.refused.size > 0) {
    const closed = new Map([...injections, ...vectors.refused]);
    plan = choose({ asText: new Set([...asText, ...unfit]), injections: closed });
    await heard.perceive(plan);
    beside = await mending.mend(plan, model, { given: content, noClips });
  }
  return { plan, content: new Map([...beside, ...vectors.content]), given: vectors.given };
}

function noteFallingBack(from: Attempt, to: Attempt, error: unknown, { context }: Trip): void {
  const why = isSensoriumError(error) ? error.message : 'something went wrong.';
  const same = from.model === to.model;
  const what = to.noVectors && !from.noVectors ? 'vectors' : 'the media';
  context.note(
    lossOf({
      kind: 'fell-back',
      stage: 'ask',
      engine: from.model,
      message: same ? `${from.model} could not answer with ${what}: ${why}` : `${from.model} could not answer: ${why}`,
      action: same ? `Asked it again without handing ${what} over.` : `Asked ${to.model} instead.`,
    }),
  );
}

/** Of the request, what concerns the language model. */
function askOf(request: AnswerRequest, messages: readonly ChatMessage[]) {
  const { temperature, topP, maxTokens, seed, stop, frequencyPenalty, presencePenalty, logprobs } = request;
  const { tools, toolChoice, responseFormat, extra, stream } = request;
  const sampling = { temperature, topP, maxTokens, seed, stop, frequencyPenalty, presencePenalty, logprobs };
  return { messages, ...sampling, tools, toolChoice, responseFormat, extra, stream };
}
