import { buildMessages } from '#ask/index.ts';
import type { AskOptions } from '#contract/chat.ts';
import { SensoriumError } from '#contract/error.ts';
import type { PipelineEvent } from '#contract/events.ts';
import type { Finding } from '#contract/finding.ts';
import type { Loss } from '#contract/loss.ts';
import type { MediaPart } from '#contract/media.ts';
import type { Perception } from '#contract/perception.ts';
import type { Plan, RouteWish } from '#contract/plan.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { orCancelled, throwIfCancelled } from '#kit/abort.ts';
import { stopwatch } from '#kit/clock.ts';
import { type Conversion, makeLedger } from '#ledger/index.ts';
import type { MediaInput } from '#media/index.ts';
import { languageOf, listVoices, resolveVoice } from '#speak/index.ts';
import { mediaIn, questionIn, settle, type Turn } from './conversation.ts';
import { converse, type Voicing } from './converse.ts';
import { closeParts, lookAt, perceivePart, takeParts } from './listen.ts';
import type { Parts } from './parts.ts';
import { chooseRoutes, noteUntoldLanguage } from './routes.ts';
import { type Listener, type Trip, tell, travel } from './trip.ts';

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
  const taken = await takeParts(incoming, parts, trip, () => {
    // Whatever was asked for and does not exist is said before anything is fetched, loaded or heard.
    parts.check(request.model ?? parts.modelId);
    if (request.voice !== null) resolveVoice(listVoices(), request.voice);
  });
  try {
    const { model, voicing } = await openModels(request, parts, trip);
    const loading = voicing ? Promise.all([model.warm(), voicing.engine.warm()]) : model.warm();
    loading.catch(() => {});
    const fromUser = new Set(taken.filter((_, index) => incoming[index]?.fromUser).map(({ media }) => media.part));
    const plan = chooseRoutes(taken, fromUser, model, parts.recogniserId, request.wish, trip);
    if (request.language !== undefined) noteUntoldLanguage(plan, trip);
    const findings = await lookAt(taken, plan, parts, trip);

    const { perceptions, conversions } = await perceiveParts(taken, findings, plan, request.language, parts, trip);
    const handed = new Set(plan.filter(({ route }) => route === 'native').map(({ part }) => part));
    const messages = buildMessages({ system: request.system, turns: settle(turns, taken, perceptions, handed) });
    await orCancelled<unknown>(loading, trip.signal);
    for (const part of handed) tellFate(part, 'native', `It was handed to ${model.id} as it is.`, trip);
    const outcome = await converse(askOf(request, messages), model, voicing, trip);

    trip.timings.totalMs = trip.elapsedMs();
    throwIfCancelled(trip.signal);
    const { requestId, createdAt, losses, timings } = trip;
    const { hanCharacters } = languageOf(question ?? outcome.answer.text);
    const ledger = makeLedger({
      requestId,
      createdAt,
      language: hanCharacters > 0 ? 'zh' : 'en',
      media: taken.map((part) => part.media),
      findings,
      plan,
      perceptions: [...perceptions.values()],
      conversions,
      losses,
    });
    const report = { requestId, ...outcome, plan, perceptions: [...perceptions.values()], ledger, timings };
    trip.emit({ kind: 'report-made', report });
  } finally {
    if (taken.length > 0) await closeParts(taken);
  }
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
function askOf(request: AnswerRequest, messages: ReturnType<typeof buildMessages>) {
  const { temperature, topP, maxTokens, seed, stop, frequencyPenalty, presencePenalty, logprobs } = request;
  const { tools, toolChoice, responseFormat, extra, stream } = request;
  const sampling = { temperature, topP, maxTokens, seed, stop, frequencyPenalty, presencePenalty, logprobs };
  return { messages, ...sampling, tools, toolChoice, responseFormat, extra, stream };
}

async function openModels(
  { model: id, voice, speed }: AnswerRequest,
  parts: Parts,
  { signal }: Trip,
): Promise<{ model: LanguageModel; voicing: Voicing | null }> {
  if (voice === null) return { model: await parts.model(id ?? parts.modelId, signal), voicing: null };
  const [model, engine] = await Promise.all([parts.model(id ?? parts.modelId, signal), parts.speech(signal)]);
  return { model, voicing: { engine, voice: resolveVoice(listVoices(), voice).id, speed } };
}

/** Step 4a: turns into text what goes in as text. */
async function perceiveParts(
  taken: readonly MediaPart[],
  findings: readonly Finding[],
  plan: Plan,
  language: string | undefined,
  parts: Parts,
  trip: Trip,
): Promise<{ perceptions: Map<string, Perception>; conversions: Conversion[] }> {
  const perceptions = new Map<string, Perception>();
  const conversions: Conversion[] = [];
  const elapsedMs = stopwatch();
  for (const [index, part] of taken.entries()) {
    const step = plan[index];
    if (step?.route !== 'text') continue;
    const { perception, conversion } = await perceivePart(part, findings[index], { language }, parts, trip);
    perceptions.set(part.media.part, perception);
    if (conversion) conversions.push(conversion);
    tellFate(part.media.part, 'text', step.engine ? `It was turned into text by ${step.engine}.` : 'It is text.', trip);
    trip.emit({ kind: 'part-perceived', perception });
  }
  if (conversions.length > 0) trip.timings.perceiveMs = elapsedMs();
  return { perceptions, conversions };
}

function tellFate(part: string, fate: 'native' | 'text', reason: string, { fates }: Trip): void {
  const known = fates.get(part);
  if (known) fates.set(part, { ...known, fate, reason });
}
