import { buildMessages } from '#ask/index.ts';
import type { AskOptions, ChatMessage } from '#contract/chat.ts';
import { isSensoriumError, SensoriumError } from '#contract/error.ts';
import type { PipelineEvent } from '#contract/events.ts';
import { type Loss, lossOf } from '#contract/loss.ts';
import type { MediaPart } from '#contract/media.ts';
import type { Plan, RouteWish } from '#contract/plan.ts';
import type { LanguageModel } from '#contract/ports.ts';
import type { Cost } from '#contract/report.ts';
import { orCancelled, throwIfCancelled } from '#kit/abort.ts';
import { type Conversion, makeLedger } from '#ledger/index.ts';
import type { MediaInput } from '#media/index.ts';
import { arrange } from '#native/index.ts';
import { languageOf } from '#speak/index.ts';
import { type Attempt, nextAttempt, trialsIn } from './attempts.ts';
import { mediaIn, questionIn, settle, type Turn } from './conversation.ts';
import { converse, type Voicing } from './converse.ts';
import { costOfAnswer, costOfEngine } from './costs.ts';
import { handOver } from './hand-over.ts';
import { closeParts, takeParts } from './listen.ts';
import type { Parts } from './parts.ts';
import { type Perceiving, perceiving } from './perceiving.ts';
import { chooseRoutes, noteUntoldLanguage } from './routes.ts';
import { type Listener, type Trip, tell, travel } from './trip.ts';
import { mustSpeak, type Speaker, speakerFor } from './voices.ts';

/** One question to the model: in words, in media, or both, with the conversation before it. */
export interface AnswerRequest extends AskOptions {
  readonly question: string | null;
  readonly media: readonly MediaInput[];
  /** What was said before; question and media come after it. Alone, its last message is the question. */
  readonly turns?: readonly Turn[] | undefined;
  /** Language spoken in the recordings, where the caller knows it (BCP 47). */
  readonly language?: string | undefined;
  /** Speaks the answer with this voice; `null` answers in text only. */
  readonly voice: string | null;
  readonly speed: number;
  /** What the model is told first; `null` takes the built-in words, an empty text none. Left out: those beside a transcript. */
  readonly system?: string | null | undefined;
  /** Language model; the configured one where none is named. */
  readonly model?: string | undefined;
  readonly wish?: RouteWish | undefined;
  /** `forbid` ends the request at the first loss. */
  readonly loss?: 'report' | 'forbid' | undefined;
  /** What had to be left out before the request came here; it goes into the ledger. */
  readonly lost?: readonly Loss[] | undefined;
  /** The id of the request, where it has one already. */
  readonly requestId?: string | undefined;
  /** `false` when nobody needs the answer before it is whole. */
  readonly stream?: boolean | undefined;
}

/** The whole path: take in, look, plan, perceive, ask, speak, report. Events come as they happen, the report last. */
export function answer(request: AnswerRequest, parts: Parts, signal?: AbortSignal): AsyncIterable<PipelineEvent> {
  return travel((trip) => answerStory(request, parts, trip), { signal, ...optionsOf(request, parts) });
}

/** The same, told to a listener: what a server does that answers many at once, without a queue for each. */
export function tellAnswer(
  request: AnswerRequest,
  parts: Parts,
  listener: Listener,
  stop: AbortController,
): Promise<void> {
  return tell((trip) => answerStory(request, parts, trip), listener, stop, optionsOf(request, parts));
}

function optionsOf({ requestId, loss }: AnswerRequest, { timeouts }: Parts) {
  return { requestId, timeouts, forbidLoss: loss === 'forbid' };
}

async function answerStory(request: AnswerRequest, parts: Parts, trip: Trip): Promise<void> {
  const turns = turnsOf(request);
  const incoming = mediaIn(turns);
  for (const loss of request.lost ?? []) trip.context.note(loss);
  const question = questionIn(turns);
  if (question === null && incoming.length === 0 && turns.at(-1)?.role !== 'tool') {
    throw new SensoriumError('ask.no-question', 'There is nothing to answer.', {
      hint: 'Give a question, a recording (--in FILE), or both.',
    });
  }
  const chain = [request.model ?? parts.modelId, ...parts.fallbacks.filter((id) => id !== request.model)];
  let speaker: Speaker | null = null;
  const taken = await takeParts(incoming, parts, trip, () => {
    // Whatever was asked for and does not exist is said before anything is fetched, loaded or heard.
    for (const id of chain) parts.check(id);
    if (request.voice !== null) speaker = speakerFor(request.voice);
  });
  const made: MediaPart[] = [];
  try {
    const heard = perceiving(taken, request.language, parts, trip);
    // Both may have to fetch something first.
    parts.model(chain[0] ?? parts.modelId, trip.signal).catch(() => {});
    const voicing = await openVoice(speaker, request.speed, parts, trip);
    const fromUser = new Set(taken.filter((_, index) => incoming[index]?.fromUser).map(({ media }) => media.part));
    const going = { request, turns, taken, fromUser, heard, speaker, voicing, made, parts, trip };
    const { model, plan, outcome } = await askAlong(going, chain);

    trip.timings.totalMs = trip.elapsedMs();
    throwIfCancelled(trip.signal);
    const { requestId, createdAt, losses, timings } = trip;
    const { hanCharacters } = languageOf(question ?? outcome.answer.text);
    const perceptions = [...heard.perceptions.values()];
    const ledger = makeLedger({
      requestId,
      createdAt,
      language: hanCharacters > 0 ? 'zh' : 'en',
      media: taken.map((part) => part.media),
      findings: heard.findings(),
      plan,
      perceptions,
      conversions: heard.conversions,
      losses,
    });
    const costs = costsOf(model, outcome, heard.conversions, parts);
    trip.emit({ kind: 'report-made', report: { requestId, ...outcome, plan, perceptions, ledger, timings, costs } });
  } finally {
    await closeParts([...made, ...taken]);
  }
}

/** Everything the tries of one request share. */
interface Going {
  readonly request: AnswerRequest;
  readonly turns: readonly Turn[];
  readonly taken: readonly MediaPart[];
  readonly fromUser: ReadonlySet<string>;
  readonly heard: Perceiving;
  readonly speaker: Speaker | null;
  readonly voicing: Voicing | null;
  readonly made: MediaPart[];
  readonly parts: Parts;
  readonly trip: Trip;
}

type Outcome = Awaited<ReturnType<typeof converse>>;

/** Asks one model after the other, as long as what goes wrong is not the caller's and nothing has been said. */
async function askAlong(
  going: Going,
  chain: readonly string[],
): Promise<{ model: LanguageModel; plan: Plan; outcome: Outcome }> {
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
      return { model, plan, outcome };
    } catch (error) {
      if (trip.signal.aborted) throw error;
      const said = trip.timings.firstTokenMs !== null || trip.timings.firstAudioMs !== null;
      const next = nextAttempt({ attempt, error, model, plan, said }, chain);
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
  { request, turns, taken, fromUser, heard, speaker, voicing, made, parts, trip }: Going,
  { asText }: Attempt,
  model: LanguageModel,
  onPlan: (plan: Plan) => void,
): Promise<Outcome> {
  const own = speaker?.kind === 'model' ? speaker : null;
  if (own) mustSpeak(model.id, model.capabilities.output.audio);
  const loading = voicing ? Promise.all([model.warm(), voicing.engine.warm()]) : model.warm();
  loading.catch(() => {});
  let plan = chooseRoutes(taken, fromUser, asText, model, parts, request.wish, trip);
  onPlan(plan);
  if (request.language !== undefined) noteUntoldLanguage(plan, trip);
  const handed = await handOver(taken, plan, model, made, trip);
  if (handed.unfit.size > 0) {
    // What does not fit goes in as text, where it can.
    plan = chooseRoutes(taken, fromUser, new Set([...asText, ...handed.unfit]), model, parts, request.wish, trip);
    onPlan(plan);
  }
  await heard.perceive(plan);
  const messages = arrange(
    buildMessages({ system: request.system, turns: settle(turns, taken, heard.perceptions, handed.content, plan) }),
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

function costsOf(
  model: LanguageModel,
  { answer, speech }: Outcome,
  conversions: readonly Conversion[],
  parts: Parts,
): Cost[] {
  return [
    ...conversions.map(({ name }) => costOfEngine('perceive', name, !name.includes(':'))),
    costOfAnswer(model.id, answer, parts.prices(model.id), !model.id.includes(':')),
    ...(speech && speech.engine !== model.id
      ? [costOfEngine('speak', speech.engine, !speech.voice.includes(':'))]
      : []),
  ];
}

function turnsOf({ turns = [], question, media }: AnswerRequest): readonly Turn[] {
  if (question === null && media.length === 0) return turns;
  const content = [
    ...media.map((input) => ({ kind: 'media', input }) as const),
    ...(question === null ? [] : [{ kind: 'text', text: question } as const]),
  ];
  return [...turns, { role: 'user', content }];
}

/** Of the request, what concerns the language model. */
function askOf(request: AnswerRequest, messages: readonly ChatMessage[]) {
  const { temperature, topP, maxTokens, seed, stop, frequencyPenalty, presencePenalty, logprobs } = request;
  const { tools, toolChoice, responseFormat, extra, stream } = request;
  const sampling = { temperature, topP, maxTokens, seed, stop, frequencyPenalty, presencePenalty, logprobs };
  return { messages, ...sampling, tools, toolChoice, responseFormat, extra, stream };
}

async function openVoice(
  speaker: Speaker | null,
  speed: number,
  parts: Parts,
  { signal }: Trip,
): Promise<Voicing | null> {
  if (speaker?.kind !== 'engine') return null;
  return { engine: await parts.speech(speaker.voice, signal), voice: speaker.voice, speed };
}
