import type { AskEvent, AskRequest } from '#contract/chat.ts';
import { isSensoriumError } from '#contract/error.ts';
import { lossOf } from '#contract/loss.ts';
import type { CallContext, LanguageModel } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { type IflytekSession, type Json, objectIn, objectsIn, openIflytek } from '#upstream/iflytek.ts';
import { mustAsk } from '../../question.ts';
import { withoutWords } from '../../without-words.ts';
import type { Chunk } from '../openai/chunk.ts';
import { collect } from '../openai/collect.ts';
import { ignoredLosses } from '../openai/ignored.ts';
import { usageOf } from '../openai/usage.ts';
import type { RemoteOptions } from '../remote.ts';
import { chanceOf, mostTokens, reasonFor } from '../spark/limits.ts';
import { entriesOf } from './messages.ts';
import { addressOf, seesPictures, takesSystem } from './models.ts';

const PICTURES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png']);
/** The status of a message after which no other comes. */
const LAST = 2;
/** The highest temperature the sockets take. */
const MOST_HEAT = 1;

/**
 * A Spark model behind its signed WebSocket, one session for each question: the words models, and those that look at
 * pictures. Sources: `SparkModel.java`, `SparkChatClient.java` and `ImageUnderstandClient.java` in iFLYTEK-OP/websdk-java.
 */
export function sparkSocket(options: RemoteOptions): LanguageModel {
  const { id, model, capabilities } = options;
  const sees = seesPictures(model);
  return {
    id,
    capabilities,
    accepts: ({ kind, mimeType }) => sees && kind === 'image' && PICTURES.has(mimeType),
    async *ask(request, context) {
      throwIfCancelled(context.signal);
      mustAsk(request);
      for (const loss of ignoredLosses(id, unheeded(request, model))) context.note(loss);
      const payload = await payloadOf(request, options, context);
      try {
        yield* answered(payload, request, options, context);
      } catch (error) {
        throw isSensoriumError(error) ? withoutWords(error, request) : error;
      }
    },
    async warm() {},
    async close() {},
  };
}

/** What a question is, but for who asks. */
async function payloadOf(request: AskRequest, options: RemoteOptions, context: CallContext): Promise<object> {
  const { id, model } = options;
  const { entries, systemMoved } = await entriesOf(request.messages, { takesSystem: takesSystem(model) });
  if (systemMoved) {
    const message = `${model} takes no system message; its words stand before the first question.`;
    context.note(lossOf({ kind: 'rearranged', stage: 'ask', engine: id, message }));
  }
  const { temperature, ...chance } = chanceOf(request);
  const heat = temperature === undefined ? {} : { temperature: Math.min(temperature, MOST_HEAT) };
  const most = mostTokens(model);
  const length = request.maxTokens === undefined ? {} : { max_tokens: Math.min(request.maxTokens, most) };
  return {
    parameter: { chat: { domain: model, ...heat, ...chance, ...length } },
    payload: { message: { text: entries } },
  };
}

async function* answered(
  payload: object,
  request: AskRequest,
  options: RemoteOptions,
  context: CallContext,
): AsyncGenerator<AskEvent> {
  const { model } = options;
  const session = await openIflytek(addressOf(model), { stage: 'ask', ...options }, context.signal);
  try {
    await session.send({ header: { app_id: session.appId }, ...payload });
    const whole = request.stream === false;
    const held: AskEvent[] = [];
    for await (const event of eventsOf(session, request, model)) {
      if (whole) held.push(event);
      else yield event;
    }
    yield* held;
  } finally {
    session.close();
  }
}

async function* eventsOf(session: IflytekSession, request: AskRequest, model: string): AsyncGenerator<AskEvent> {
  const collected = collect(model);
  for await (const message of session) {
    const chunk = chunkIn(message, request, model);
    yield* collected.take(chunk);
    if (chunk.reason === null) continue;
    yield* collected.end();
    return;
  }
  throw session.broken('it closed the connection before the last message');
}

/** Reads one message. The last one ends the answer and counts its tokens. */
function chunkIn(message: Json, request: AskRequest, model: string): Chunk {
  const payload = objectIn(message.payload);
  const choices = objectIn(payload.choices);
  const texts = objectsIn(choices.text);
  const usage = usageOf(objectIn(payload.usage).text);
  const ended = Number(objectIn(message.header).status) === LAST;
  return {
    model: null,
    text: texts.map(({ content }) => wordsIn(content)).join(''),
    reasoning: texts.map(({ reasoning_content }) => wordsIn(reasoning_content)).join(''),
    refusal: '',
    sound: '',
    toolCalls: [],
    tokens: [],
    reason: ended ? reasonFor({ usage }, request, model) : null,
    usage,
  };
}

const wordsIn = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What was asked for and has no place on this wire, or has not that much of it; by the names that losses know. */
function unheeded(request: AskRequest, model: string): Parameters<typeof ignoredLosses>[1] {
  const { topP, seed, stop, frequencyPenalty, presencePenalty, logprobs, tools, toolChoice } = request;
  const { maxTokens = 0, temperature = 0 } = request;
  const responseFormat = request.responseFormat?.kind === 'text' ? undefined : request.responseFormat;
  const { top_k: _, n, ...extra } = request.extra ?? {};
  const wanted = { topP, seed, stop, frequencyPenalty, presencePenalty, logprobs, tools, toolChoice, responseFormat };
  const all = { ...wanted, ...extra, n: n === 1 ? undefined : n };
  const most = mostTokens(model);
  return {
    leftOut: Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [name])),
    changed: {
      ...(maxTokens > most ? { maxTokens: most } : {}),
      ...(temperature > MOST_HEAT ? { temperature: MOST_HEAT } : {}),
    },
  };
}
