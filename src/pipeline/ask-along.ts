import { buildMessages } from '#ask/index.ts';
import type { ChatMessage } from '#contract/chat.ts';
import { isSensoriumError } from '#contract/error.ts';
import { lossOf } from '#contract/loss.ts';
import type { MediaPart } from '#contract/media.ts';
import type { Plan } from '#contract/plan.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { orCancelled } from '#kit/abort.ts';
import { arrange } from '#native/index.ts';
import type { AnswerRequest } from './answer-request.ts';
import { type Attempt, nextAttempt, trialsIn } from './attempts.ts';
import { settle, type Turn } from './conversation.ts';
import { converse, type Voicing } from './converse.ts';
import { type HandedOver, handOver } from './hand-over.ts';
import type { Mending } from './mend.ts';
import type { Parts } from './parts.ts';
import type { Perceiving } from './perceiving.ts';
import { chooseRoutes, noteUntoldLanguage } from './routes.ts';
import type { Trip } from './trip.ts';
import { mustSpeak, type Speaker } from './voices.ts';

/** Everything the tries of one request share. */
export interface Going {
  readonly request: AnswerRequest;
  readonly turns: readonly Turn[];
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
): Promise<{ model: LanguageModel; asked: string; plan: Plan; outcome: Outcome }> {
  const { parts, trip } = going;
  for (let attempt: Attempt = { model: chain[0] ?? parts.modelId, asText: new Set() }; ; ) {
    let plan: Plan = [];
    let model: LanguageModel | null = null;
    try {
      model = await parts.model(attempt.model, trip.signal);
      const outcome = await askOnce(going, attempt, model, (made) => {
        plan = made;
      });
      for (const { kind } of trialsIn(plan, model))
        parts.found.remember(attempt.model, kind, true, 'tried: it answered');
      return { model, asked: attempt.model, plan, outcome };
    } catch (error) {
      if (trip.signal.aborted) throw error;
      const said = trip.timings.firstTokenMs !== null || trip.timings.firstAudioMs !== null;
      const next = nextAttempt({ attempt, error, model, plan, clips: going.mending.hasClips(), said }, chain);
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
  { asText, noClips }: Attempt,
  model: LanguageModel,
  onPlan: (plan: Plan) => void,
): Promise<Outcome> {
  const { request, turns, taken, mending, speaker, voicing, parts, trip } = going;
  const own = speaker?.kind === 'model' ? speaker : null;
  if (own) mustSpeak(model.id, model.capabilities.output.audio);
  const loading = voicing ? Promise.all([model.warm(), voicing.engine.warm()]) : model.warm();
  loading.catch(() => {});
  const { plan, content } = taken.length === 0 ? NO_MEDIA : await bringIn(going, { asText, noClips }, model, onPlan);
  if (taken.length === 0) trip.emit({ kind: 'plan-made', plan });
  const messages = arrange(
    buildMessages({ system: request.system, turns: settle(turns, taken, mending.perceptions, content, plan) }),
    model.capabilities.rules,
    own !== null,
    trip.context.note,
  );
  await orCancelled<unknown>(loading, trip.signal);
  const startedMs = trip.elapsedMs();
  const speak = own ? { voice: own.voice } : undefined;
  const outcome = await converse({ ...askOf(request, messages), speak }, model, voicing, trip);
  const firstMs = trip.timings.firstTokenMs;
  for (const { route, kind } of plan) {
    if (route === 'native' && firstMs !== null) parts.experience.took('native', model.id, kind, firstMs - startedMs);
  }
  return outcome;
}

const NO_MEDIA: { readonly plan: Plan; readonly content: HandedOver['content'] } = { plan: [], content: new Map() };

/** Chooses the way of every medium, brings it into that form, and gives the plan that came of it. */
async function bringIn(
  { request, taken, fromUser, heard, mending, made, parts, trip }: Going,
  { asText, noClips }: Pick<Attempt, 'asText' | 'noClips'>,
  model: LanguageModel,
  onPlan: (plan: Plan) => void,
): Promise<typeof NO_MEDIA> {
  let plan = chooseRoutes(taken, fromUser, asText, model, parts, request.wish, trip);
  onPlan(plan);
  if (request.language !== undefined) noteUntoldLanguage(plan, trip);
  const { content, unfit } = await handOver(taken, plan, model, made, trip);
  if (unfit.size > 0) {
    // What does not fit goes in as text, where it can.
    plan = chooseRoutes(taken, fromUser, new Set([...asText, ...unfit]), model, parts, request.wish, trip);
    onPlan(plan);
  }
  await heard.perceive(plan);
  return { plan, content: await mending.mend(plan, model, { given: content, noClips }) };
}

function noteFallingBack(from: Attempt, to: Attempt, error: unknown, { context }: Trip): void {
  const why = isSensoriumError(error) ? error.message : 'something went wrong.';
  const same = from.model === to.model;
  context.note(
    lossOf({
      kind: 'fell-back',
      stage: 'ask',
      engine: from.model,
      message: same
        ? `${from.model} could not answer with the media: ${why}`
        : `${from.model} could not answer: ${why}`,
      action: same ? 'Asked it again without handing the media over.' : `Asked ${to.model} instead.`,
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
