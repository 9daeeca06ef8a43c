import type { AskEvent, AskRequest } from '#contract/chat.ts';
import { SensoriumError } from '#contract/error.ts';
import type { CallContext, LanguageModel, ModelCapabilities } from '#contract/ports.ts';
import type { HttpReply } from '#kit/http.ts';
import { mustAsk } from '../../question.ts';
import type { Vendor } from '../../vendors.ts';
import { chatBody, learnRefusal, type Refused } from './body.ts';
import { type Chunk, readChunk } from './chunk.ts';
import { type Collected, collect } from './collect.ts';
import { connectionError, type Peer, refusalError, refusalIn, withoutWords } from './errors.ts';
import { ignoredLosses } from './ignored.ts';
import { type Line, lineReader, readWhole } from './lines.ts';
import { mediaSlots } from './media-body.ts';
import { PATIENCE, type Patience, send } from './send.ts';
import { hasPlaceFor } from './wire-messages.ts';

export interface OpenAiOptions {
  readonly id: string;
  /** The model's name as the server knows it. */
  readonly model: string;
  readonly baseUrl: URL;
  readonly apiKey: string | null;
  readonly vendor: Pick<Vendor, 'keyName' | 'maxTokensField'>;
  readonly capabilities: ModelCapabilities;
  readonly patience?: Partial<Patience>;
}

/** A model behind an endpoint that speaks OpenAI's chat completions, streamed or in one piece. */
export function openAi(options: OpenAiOptions): LanguageModel {
  const { baseUrl, apiKey, model, vendor } = options;
  const patience = { ...PATIENCE, ...options.patience };
  const url = endpoint(baseUrl, 'chat/completions');
  const peer: Peer = { host: baseUrl.host, model, keyName: vendor.keyName, apiKey };
  const common = { 'content-type': 'application/json', ...headersFor(apiKey) };
  const streaming = {
    headers: { ...common, accept: 'text/event-stream, application/json' },
    headTimeoutMs: patience.headTimeoutMs,
  };
  const whole = { headers: { ...common, accept: 'application/json' }, headTimeoutMs: patience.wholeTimeoutMs };
  const refused: Refused = new Set();

  /** Asks, and asks again without an option of ours that the server says it does not know. */
  async function ask(
    request: AskRequest,
    signal: AbortSignal,
  ): Promise<{ readonly reply: HttpReply; readonly leftOut: readonly string[] }> {
    const { headers, headTimeoutMs } = request.stream === false ? whole : streaming;
    for (;;) {
      const slots = mediaSlots();
      const { body, leftOut } = chatBody(model, request, vendor.maxTokensField, refused, slots);
      const sent = slots.fill(JSON.stringify(body));
      const outcome = await send(url, { headers, body: sent, peer, patience, headTimeoutMs, signal });
      if (outcome.kind === 'reply') return { reply: outcome.reply, leftOut };
      const { status } = outcome.refusal;
      if ((status !== 400 && status !== 422) || learnRefusal(outcome.refusal, body, refused) === null)
        throw withoutWords(outcome.error, request);
    }
  }

  async function opened(request: AskRequest, context: CallContext): Promise<HttpReply> {
    mustAsk(request);
    const { reply, leftOut } = await ask(request, context.signal);
    if (leftOut.length > 0) for (const loss of ignoredLosses(options.id, leftOut)) context.note(loss);
    return reply;
  }

  return {
    id: options.id,
    capabilities: options.capabilities,
    accepts: hasPlaceFor,
    // Two generators side by side and not one inside the other, which makes two more promises of every event.
    ask: (request, context) =>
      request.stream === false
        ? readAtOnce(() => opened(request, context), peer, context.signal)
        : readStreamed(() => opened(request, context), peer, context.signal),
    async warm() {},
    async close() {},
  };
}

/** An address of the API below its base, which people also write with the path of its best-known one. */
export function endpoint(baseUrl: URL, path: string): URL {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, '').replace(/\/chat\/completions$/, '')}/${path}`;
  return url;
}

/** What goes with every request: who asks, and the key. */
export function headersFor(apiKey: string | null): Record<string, string> {
  return { 'user-agent': 'sensorium', ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}) };
}

/** Reasons that mean the server failed, in the field that says why the model stopped. */
const FAILED: ReadonlySet<string | null> = new Set(['abort', 'error', 'network_error']);

type Opened = () => Promise<HttpReply>;

async function* readStreamed(open: Opened, peer: Peer, signal: AbortSignal): AsyncGenerator<AskEvent> {
  const reply = await open();
  const collected = collect(peer.model);
  const reader = lineReader(peer);
  let complete = false;
  try {
    for (let ended = false; !complete && !ended; ) {
      const bytes = await reply.body.next();
      ended = bytes === null;
      for (const line of bytes === null ? reader.end() : reader.push(bytes)) {
        complete = line.kind === 'done';
        if (complete) break;
        for (const event of takeLine(line, collected, peer)) yield event;
      }
    }
  } catch (thrown) {
    // Once the reason for the end is there, only the figures after it can be lost.
    if (collected.reason === null || FAILED.has(collected.reason) || signal.aborted)
      throw connectionError(thrown, 'answering', peer, signal);
  } finally {
    release(reply, complete);
  }
  for (const event of endOf(collected, complete, peer)) yield event;
}

async function* readAtOnce(open: Opened, peer: Peer, signal: AbortSignal): AsyncGenerator<AskEvent> {
  const reply = await open();
  const collected = collect(peer.model);
  const events: AskEvent[] = [];
  let complete = false;
  try {
    for (const line of await readWhole(reply, peer)) {
      complete = line.kind === 'done';
      if (complete) break;
      events.push(...takeLine(line, collected, peer));
    }
  } catch (thrown) {
    reply.body.destroy();
    throw connectionError(thrown, 'answering', peer, signal);
  }
  for (const event of events) yield event;
  for (const event of endOf(collected, complete, peer)) yield event;
}

function takeLine(line: Line, collected: Collected, peer: Peer): readonly AskEvent[] {
  if (line.kind === 'broken') throw line.error;
  if (line.kind === 'done') return [];
  const events = collected.take(chunkIn(line, peer));
  if (!FAILED.has(collected.reason)) return events;
  throw refusalError({ status: null, message: `it ended with “${collected.reason}”`, marks: '' }, peer);
}

/** The end of an answer. Throws when the reply ended where no answer does. */
function endOf(collected: Collected, complete: boolean, peer: Peer): readonly AskEvent[] {
  const { reason, textChars } = collected;
  const events = collected.end();
  if (reason === null && (!complete || collected.isEmpty)) throw cutOff(peer, textChars);
  return events;
}

function chunkIn(line: Line & { kind: 'json' }, peer: Peer): Chunk {
  const refusal = refusalIn(null, line.json);
  if (refusal) throw refusalError(refusal, peer);
  if (line.isError) throw refusalError({ status: null, message: JSON.stringify(line.json), marks: '' }, peer);
  const chunk = readChunk(line.json);
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
