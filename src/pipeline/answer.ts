import { buildMessages } from '#ask/index.ts';
import { SensoriumError } from '#contract/error.ts';
import type { PipelineEvent } from '#contract/events.ts';
import { lossOf } from '#contract/loss.ts';
import type { MediaPart } from '#contract/media.ts';
import type { Perception } from '#contract/perception.ts';
import type { Plan } from '#contract/plan.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { orCancelled } from '#kit/abort.ts';
import { stopwatch } from '#kit/clock.ts';
import { type Conversion, makeLedger } from '#ledger/index.ts';
import type { MediaInput } from '#media/index.ts';
import { planRoutes } from '#plan/index.ts';
import { languageOf, listVoices, resolveVoice } from '#speak/index.ts';
import { converse, type Voicing } from './converse.ts';
import { closeParts, lookAt, perceivePart, takeParts } from './listen.ts';
import type { Parts } from './parts.ts';
import { type Trip, travel } from './trip.ts';

/** One question to the model: in words, in media, or both. */
export interface AnswerRequest {
  readonly question: string | null;
  readonly media: readonly MediaInput[];
  /** Language spoken in the recordings, where the caller knows it (BCP 47). */
  readonly language?: string | undefined;
  /** Speaks the answer with this voice; `null` answers in text only. */
  readonly voice: string | null;
  readonly speed: number;
  readonly system: string | null;
  readonly temperature?: number | undefined;
  readonly maxTokens?: number | undefined;
  readonly seed?: number | undefined;
}

/** The whole path: take in, look, plan, perceive, ask, speak, report. Events come as they happen, the report last. */
export function answer(request: AnswerRequest, parts: Parts, signal?: AbortSignal): AsyncIterable<PipelineEvent> {
  return travel((trip) => answerStory(request, parts, trip), signal);
}

async function answerStory(request: AnswerRequest, parts: Parts, trip: Trip): Promise<void> {
  if (request.question === null && request.media.length === 0) {
    throw new SensoriumError('ask.no-question', 'There is nothing to answer.', {
      hint: 'Give a question, a recording (--in FILE), or both.',
    });
  }
  // Whatever was asked for and does not exist is said before anything is fetched, loaded or heard.
  parts.check();
  const voice = request.voice === null ? null : resolveVoice(listVoices(), request.voice).id;

  const taken = await takeParts(request.media, parts, trip);
  try {
    const opening = openModels(voice, request.speed, parts, trip);
    const loading = opening.then(({ model, voicing }) => Promise.all([model.warm(), voicing?.engine.warm()]));
    loading.catch(() => {});
    const findings = await lookAt(taken, parts, trip);
    const { model, voicing } = await opening;
    const plan = planFor(taken, model, parts.recogniserId);
    trip.emit({ kind: 'plan-made', plan });
    noteDropped(plan, taken, trip);

    const elapsedMs = stopwatch();
    const perceptions: Perception[] = [];
    const conversions: Conversion[] = [];
    for (const [index, part] of taken.entries()) {
      if (plan[index]?.route !== 'text') continue;
      const { perception, conversion } = await perceivePart(part, findings[index], request.language, parts, trip);
      perceptions.push(perception);
      if (conversion) conversions.push(conversion);
      trip.emit({ kind: 'part-perceived', perception });
    }
    if (conversions.length > 0) trip.timings.perceiveMs = elapsedMs();
    refuseEmptyQuestion(request, perceptions);

    const messages = buildMessages({ system: request.system, question: request.question, perceptions });
    await orCancelled(loading, trip.signal);
    const { temperature, maxTokens, seed } = request;
    const outcome = await converse({ messages, temperature, maxTokens, seed }, model, voicing, trip);

    trip.timings.totalMs = trip.elapsedMs();
    const { requestId, createdAt, losses, timings } = trip;
    const media = taken.map((part) => part.media);
    const { hanCharacters } = languageOf(request.question ?? outcome.answer.text);
    const language = hanCharacters > 0 ? 'zh' : 'en';
    const ledger = makeLedger({
      requestId,
      createdAt,
      language,
      media,
      findings,
      plan,
      perceptions,
      conversions,
      losses,
    });
    trip.emit({ kind: 'report-made', report: { requestId, ...outcome, plan, perceptions, ledger, timings } });
  } finally {
    await closeParts(taken);
  }
}

async function openModels(
  voice: string | null,
  speed: number,
  parts: Parts,
  { signal }: Trip,
): Promise<{ model: LanguageModel; voicing: Voicing | null }> {
  const [model, engine] = await Promise.all([parts.model(signal), voice === null ? null : parts.speech(signal)]);
  return { model, voicing: voice !== null && engine ? { engine, voice, speed } : null };
}

function planFor(taken: readonly MediaPart[], model: LanguageModel, recogniserId: string): Plan {
  const sounding = new Set(taken.filter(({ sound }) => sound).map(({ media }) => media.part));
  return planRoutes({
    media: taken.map((part) => part.media),
    model,
    converterFor: ({ part }) => (sounding.has(part) ? { engine: recogniserId, costUsd: 0 } : null),
    passThrough: new Set(),
  });
}

function noteDropped(plan: Plan, taken: readonly MediaPart[], trip: Trip): void {
  const dropped = plan.filter(({ route }) => route === 'none');
  if (dropped.length > 0 && dropped.length === plan.length) {
    throw new SensoriumError(
      'plan.no-route',
      `No way in for ${taken.map(({ media }) => media.name).join(', ')}. ${dropped[0]?.reasons.join(' ')}`,
      {
        hint: 'Use a model that takes this kind of media, or send it as text or as a recording.',
      },
    );
  }
  for (const { part } of plan.filter(({ route, kind }) => route === 'text' && kind === 'video')) {
    const message = 'The pictures of the video did not reach the model; only its sound was heard.';
    trip.context.note(lossOf({ kind: 'media-dropped', stage: 'plan', part, message }));
  }
  for (const step of dropped) {
    trip.context.note(
      lossOf({
        kind: 'media-dropped',
        stage: 'plan',
        part: step.part,
        message: `The ${step.kind} did not reach the model: ${step.reasons.join(' ')}`,
      }),
    );
  }
}

function refuseEmptyQuestion(request: AnswerRequest, perceptions: readonly Perception[]): void {
  if (request.question !== null || perceptions.some(({ text }) => text.trim() !== '')) return;
  throw new SensoriumError('ask.no-question', 'No words were heard, so there is nothing to ask the model.', {
    hint: 'Check the recording with `sensorium hear FILE`, or add a question in words.',
  });
}
