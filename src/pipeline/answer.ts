import { SensoriumError } from '#contract/error.ts';
import type { PipelineEvent } from '#contract/events.ts';
import type { MediaPart } from '#contract/media.ts';
import type { LanguageModel } from '#contract/ports.ts';
import type { Cost } from '#contract/report.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import type { Conversion } from '#ledger/index.ts';
import { languageOf } from '#speak/index.ts';
import { accountFor } from './account.ts';
import type { AnswerRequest } from './answer-request.ts';
import { askAlong, type Outcome } from './ask-along.ts';
import { mediaIn, questionIn, type Turn, vectorsIn } from './conversation.ts';
import type { Voicing } from './converse.ts';
import { costOfAnswer, costOfEngine } from './costs.ts';
import { mending } from './mend.ts';
import { hotwordsOf, mendOf } from './mend-wishes.ts';
import type { Parts } from './parts.ts';
import { perceiving } from './perceiving.ts';
import { isElsewhere } from './senses.ts';
import { type Accompanied, bringAlong } from './shelf/bring-along.ts';
import { closeParts, takeParts } from './take.ts';
import { type Listener, type Trip, tell, travel } from './trip.ts';
import { type Speaker, speakerFor } from './voices.ts';

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
  for (const loss of request.lost ?? []) trip.context.note(loss);
  const asked = turnsOf(request);
  const question = questionIn(asked);
  const { turns, retrieved } = await accompanied(asked, question, request, parts, trip);
  const incoming = mediaIn(turns);
  const vectors = vectorsIn(turns).length;
  if (question === null && incoming.length + vectors === 0 && turns.at(-1)?.role !== 'tool') {
    throw new SensoriumError('ask.no-question', 'There is nothing to answer.', {
      hint: 'Give a question, a recording (--in FILE), or both.',
    });
  }
  const mend = await mendOf(request.mend, parts.mend, () => parts.terms(trip.signal));
  const chain = [request.model ?? parts.modelId, ...parts.fallbacks.filter((id) => id !== request.model)];
  let speaker: Speaker | null = null;
  const taken = await takeParts(incoming, parts, trip, () => {
    // Whatever was asked for and does not exist is said before anything is fetched, loaded or heard.
    for (const id of chain) parts.check(id);
    if (mend.correct && mend.corrector !== null) parts.check(mend.corrector);
    if (request.voice !== null) speaker = speakerFor(request.voice);
  });
  const made: MediaPart[] = [];
  try {
    const tell = told(question, request.language);
    const heard = perceiving(taken, { language: request.language, tell, hotwords: hotwordsOf(mend) }, parts, trip);
    const voicing = speaker === null ? null : await openVoice(speaker, request.speed, chain, parts, trip);
    const fromUser = new Set(taken.filter((_, index) => incoming[index]?.fromUser).map(({ media }) => media.part));
    const mended = mending({ mend, taken, fromUser, heard, language: tell, made }, parts, trip);
    const going = {
      request,
      turns,
      vectors,
      taken,
      fromUser,
      heard,
      mending: mended,
      speaker,
      voicing,
      made,
      parts,
      trip,
    };
    const { model, asked: askedAs, plan, given, outcome } = await askAlong(going, chain);

    trip.timings.totalMs = trip.elapsedMs();
    throwIfCancelled(trip.signal);
    const { requestId, timings } = trip;
    const { hanCharacters } = languageOf(question ?? outcome.answer.text);
    const perceptions = [...mended.perceptions.values()];
    const accounted = {
      language: hanCharacters > 0 ? 'zh' : 'en',
      media: taken.map((part) => part.media),
      findings: heard.findings(),
      plan,
      perceptions,
      conversions: heard.conversions,
      mitigations: mended.mitigations(),
      vectors: given,
      asked: askedAs,
    };
    const ledger = await accountFor(accounted, parts, trip);
    const costs = [...costsOf(model, outcome, heard.conversions, parts), ...mended.costs];
    const report = { requestId, ...outcome, plan, perceptions, ledger, timings, costs };
    trip.emit({ kind: 'report-made', report: { ...report, ...(retrieved ? { retrieved: [...retrieved] } : {}) } });
  } finally {
    if (taken.length > 0) await closeParts([...made, ...taken]);
  }
}

/** Step 0: the conversation, with what vector stores hold of what it asks where they are to be searched. */
async function accompanied(
  turns: readonly Turn[],
  question: string | null,
  { search, model }: AnswerRequest,
  parts: Parts,
  trip: Trip,
): Promise<{ turns: readonly Turn[]; retrieved: Accompanied['retrieved'] | null }> {
  if (search === undefined || parts.shelf === undefined) return { turns, retrieved: null };
  return bringAlong({ turns, question, search }, model ?? parts.modelId, parts.shelf, parts, trip);
}

/** The language people are told things in: that of the question, else the one that is spoken. */
function told(question: string | null, spoken: string | undefined): 'en' | 'zh' {
  if (question !== null) return languageOf(question).hanCharacters > 0 ? 'zh' : 'en';
  return /^zh\b/i.test(spoken ?? '') ? 'zh' : 'en';
}

function costsOf(
  model: LanguageModel,
  { answer, speech }: Outcome,
  conversions: readonly Conversion[],
  parts: Parts,
): Cost[] {
  return [
    ...conversions.map(({ name }) => costOfEngine('perceive', name, !isElsewhere(name))),
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

async function openVoice(
  speaker: Speaker,
  speed: number,
  [model = '']: readonly string[],
  parts: Parts,
  { signal }: Trip,
): Promise<Voicing | null> {
  if (speaker.kind !== 'engine') return null;
  // Both may have to fetch something first.
  parts.model(model, signal).catch(() => {});
  return { engine: await parts.speech(speaker.voice, signal), voice: speaker.voice, speed };
}
