import type { AskEvent, AskRequest } from '#contract/chat.ts';
import { SensoriumError } from '#contract/error.ts';
import { lossOf } from '#contract/loss.ts';
import type { CallContext, LanguageModel } from '#contract/ports.ts';
import type { HttpReply } from '#kit/http.ts';
import { peerAt } from '#upstream/endpoint.ts';
import { connectionError, type Peer, refusalError, refusalIn } from '#upstream/errors.ts';
import { type Line, lineReader, readWhole } from '#upstream/lines.ts';
import { mediaSlots } from '#upstream/media-body.ts';
import { AGENT, addressBelow, bearer } from '#upstream/request.ts';
import { PATIENCE, send } from '#upstream/send.ts';
import { asVectorRefusal } from '#upstream/vector-refusals.ts';
import { mustAsk } from '../../question.ts';
import { withoutWords } from '../../without-words.ts';
import type { RemoteOptions } from '../remote.ts';
import { type ChatBody, chatBody, learnRefusal, type Refused } from './body.ts';
import { type Chunk, readChunk } from './chunk.ts';
import { type Collected, collect } from './collect.ts';
import { ignoredLosses } from './ignored.ts';
import type { ChatShape } from './shape.ts';
import { hasPlaceFor } from './wire-messages.ts';

export { AGENT, addressBelow as endpoint, bearer } from '#upstream/request.ts';

/** A model behind an endpoint that speaks OpenAI's chat completions, streamed or in one piece; `shape` says where it differs. */
export function openAi(options: RemoteOptions, shape: ChatShape = {}): LanguageModel {
  const { baseUrl, model, capabilities } = options;
  const patience = { ...PATIENCE, ...options.patience };
  const { path = 'chat/completions' } = shape;
  const addressAt = (stream: boolean) => addressBelow(baseUrl, typeof path === 'string' ? path : path(model, stream));
  const addresses = { streamed: addressAt(true), whole: addressAt(false) };
  const peer = peerAt('ask', options, model, shape.classify);
  const wire: Wire = { peer, shape, failed: new Set([...FAILED, ...(shape.failed ?? [])]) };
  const authorise = shape.authorise ?? (({ keys: { apiKey } }) => bearer(apiKey));
  const headersFor = (accept: string) => () => ({
    'content-type': 'application/json',
    ...AGENT,
    ...authorise(options),
    accept,
  });
  const streaming = {
    headers: headersFor('text/event-stream, application/json'),
    headTimeoutMs: patience.headTimeoutMs,
  };
  const whole = { headers: headersFor('application/json'), headTimeoutMs: patience.wholeTimeoutMs };
  const refused: Refused = new Set();
  const streamOnly = capabilities.rules?.streamOnly === true;

  /** Asks, and asks again without an option of ours that the server says it does not know. */
  async function ask(
    request: AskRequest,
    signal: AbortSignal,
  ): Promise<{ readonly reply: HttpReply; readonly sent: ChatBody }> {
    const stream = request.stream !== false;
    const { headers, headTimeoutMs } = stream ? streaming : whole;
    const url = stream ? addresses.streamed : addresses.whole;
    for (;;) {
      const slots = mediaSlots();
      const sent = chatBody(request, options, shape, refused, slots);
      const body = slots.fill(JSON.stringify(sent.body));
      const outcome = await send(url, { headers, body, peer, patience, headTimeoutMs, signal });
      if (outcome.kind === 'reply') return { reply: outcome.reply, sent };
      const { status } = outcome.refusal;
      if ((status !== 400 && status !== 422) || learnRefusal(outcome.refusal, sent.body, refused) === null)
        throw withoutWords(asVectorRefusal(outcome.error, outcome.refusal), request);
    }
  }

  async function opened(request: AskRequest, context: CallContext): Promise<HttpReply> {
    mustAsk(request, shape.vectorPart !== undefined && capabilities.embeddings !== false);
    const { reply, sent } = await ask(request, context.signal);
    for (const loss of ignoredLosses(options.id, sent)) context.note(loss);
    const lost = shape.lossInHead?.(reply.headers, options.id);
    if (lost) context.note(lost);
    return reply;
  }

  return {
    id: options.id,
    capabilities,
    accepts: shape.accepts ?? hasPlaceFor,
    // Two generators side by side and not one inside the other, which makes two more promises of every event.
    ask: (request, context) =>
      request.stream === false && !streamOnly
        ? readAtOnce(() => opened(request, context), wire, context)
        : readStreamed(() => opened({ ...request, stream: true }, context), wire, context),
    async warm() {},
    async close() {},
  };
}

/** How the other side speaks. */
interface Wire {
  readonly peer: Peer;
  readonly shape: ChatShape;
  readonly failed: ReadonlySet<string | null>;
}

/** Reasons that mean the server failed, in the field that says why the model stopped. */
const FAILED: ReadonlySet<string | null> = new Set(['abort', 'error', 'network_error']);

type Opened = () => Promise<HttpReply>;

async function* readStreamed(open: Opened, wire: Wire, context: CallContext): AsyncGenerator<AskEvent> {
  const { peer } = wire;
  const { signal } = context;
  const reply = await open();
  const collected = collect(peer.model, wire.shape);
  const read = readerOf(wire.shape);
  const reader = lineReader(peer);
  let complete = false;
  try {
    for (let ended = false; !complete && !ended; ) {
      const bytes = await reply.body.next();
      ended = bytes === null;
      for (const line of bytes === null ? reader.end() : reader.push(bytes)) {
        complete = line.kind === 'done';
        if (complete) break;
        for (const event of takeLine(line, collected, read, wire)) yield event;
      }
    }
  } catch (thrown) {
    // Once the reason for the end is there, only the figures after it can be lost.
    if (collected.reason === null || wire.shape.endsWithDone || wire.failed.has(collected.reason) || signal.aborted)
      throw connectionError(thrown, 'answering', peer, signal);
  } finally {
    release(reply, complete);
  }
  for (const event of endOf(collected, complete, wire, context)) yield event;
}

async function* readAtOnce(open: Opened, wire: Wire, context: CallContext): AsyncGenerator<AskEvent> {
  const { peer } = wire;
  const { signal } = context;
  const reply = await open();
  const collected = collect(peer.model, wire.shape);
  const read = readerOf(wire.shape);
  const events: AskEvent[] = [];
  let complete = false;
  try {
    for (const line of await readWhole(reply, peer)) {
      complete = line.kind === 'done';
      if (complete) break;
      events.push(...takeLine(line, collected, read, wire));
    }
  } catch (thrown) {
    reply.body.destroy();
    throw connectionError(thrown, 'answering', peer, signal);
  }
  for (const event of events) yield event;
  for (const event of endOf(collected, complete, wire, context)) yield event;
}

type Read = NonNullable<ChatShape['readChunk']>;

function readerOf({ reader, readChunk: own }: ChatShape): Read {
  return reader?.() ?? own ?? readChunk;
}

function takeLine(line: Line, collected: Collected, read: Read, wire: Wire): readonly AskEvent[] {
  if (line.kind === 'broken') throw line.error;
  if (line.kind === 'done') return [];
  const events = collected.take(chunkIn(line, read, wire));
  if (!wire.failed.has(collected.reason)) return events;
  throw refusalError({ status: null, message: `it ended with “${collected.reason}”`, marks: '' }, wire.peer);
}

/** The end of an answer. Throws when the reply ended where no answer does. */
function endOf(
  collected: Collected,
  complete: boolean,
  { peer, shape }: Wire,
  context: CallContext,
): readonly AskEvent[] {
  const { reason, textChars } = collected;
  const events = collected.end();
  const ended = complete || (shape.endsSilently ?? false);
  if (reason === null && (!ended || collected.isEmpty)) throw cutOff(peer, textChars);
  if (shape.endsWithDone && !complete) throw cutOff(peer, textChars);
  for (const trouble of collected.soundTroubles) {
    context.note(lossOf({ kind: 'truncated', stage: 'ask', engine: peer.model, message: trouble }));
  }
  return events;
}

function chunkIn(line: Line & { kind: 'json' }, read: Read, { peer, shape }: Wire): Chunk {
  const refusal = shape.refusalIn?.(null, line.json) ?? refusalIn(null, line.json);
  if (refusal) throw refusalError(refusal, peer);
  if (line.isError) throw refusalError({ status: null, message: JSON.stringify(line.json), marks: '' }, peer);
  const chunk = read(line.json);
  if (chunk) return chunk;
  throw refusalError({ status: null, message: 'a message that is not a chat completion', marks: '' }, peer);
}

function cutOff(peer: Peer, receivedChars: number): SensoriumError {
  return new SensoriumError('ask.upstream-failed', `${peer.host} ended its answer in the middle.`, {
    hint: 'What came so far was passed on; ask again for a whole answer.',
    details: { host: peer.host, model: peer.model, receivedChars },
  });
}

const LINGER_MS = 1_000;

/** Lets a complete reply run out, so that its connection can serve the next question; a broken or abandoned one goes at once. */
function release({ body }: HttpReply, complete: boolean): void {
  if (!complete) body.destroy();
  else if (!body.complete) {
    body.discard();
    setTimeout(() => body.destroy(), LINGER_MS).unref();
  }
}
