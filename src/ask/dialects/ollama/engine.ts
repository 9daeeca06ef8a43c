import type { AskEvent, AskRequest } from '#contract/chat.ts';
import { SensoriumError } from '#contract/error.ts';
import type { Media } from '#contract/media.ts';
import type { CallContext, LanguageModel } from '#contract/ports.ts';
import type { HttpReply } from '#kit/http.ts';
import { peerAt } from '#upstream/endpoint.ts';
import { type Peer, type Refusal, type RefusalKind, refusalError, refusalIn } from '#upstream/errors.ts';
import { mediaSlots } from '#upstream/media-body.ts';
import { PATIENCE, send } from '#upstream/send.ts';
import { mustAsk } from '../../question.ts';
import { withoutWords } from '../../without-words.ts';
import { askAbout, atRoot, type Found, withDiscovery } from '../found.ts';
import type { Chunk } from '../openai/chunk.ts';
import { AGENT, bearer } from '../openai/engine.ts';
import { ignoredLosses } from '../openai/ignored.ts';
import { isObject, type Json, usageOf } from '../openai/usage.ts';
import type { RemoteOptions } from '../remote.ts';
import { piecesOf, SAYS_NOTHING, tell } from '../tell.ts';
import { ollamaBody } from './body.ts';

/** What Ollama takes as data, by a look at the bytes. */
const TAKEN: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp', 'audio/wav']);

/** A model of Ollama's, in Ollama's own words: one line of JSON for each piece. It says itself what it takes (`/api/show`). */
export function ollama(options: RemoteOptions): Promise<LanguageModel> {
  const { baseUrl, keys, model } = options;
  const patience = { ...PATIENCE, ...options.patience };
  const peer = peerAt('ask', options, model, classify);
  const headers = { 'content-type': 'application/json', ...AGENT, ...bearer(keys.apiKey) };

  async function open(request: AskRequest, context: CallContext): Promise<HttpReply> {
    mustAsk(request);
    const slots = mediaSlots();
    const { body, leftOut } = ollamaBody(model, request, slots);
    const outcome = await send(atRoot(baseUrl, 'api/chat'), {
      headers,
      body: slots.fill(JSON.stringify(body)),
      peer,
      patience,
      headTimeoutMs: request.stream === false ? patience.wholeTimeoutMs : patience.headTimeoutMs,
      signal: context.signal,
    });
    if (outcome.kind === 'refusal') throw withoutWords(howToPull(outcome.error, model), request);
    for (const loss of ignoredLosses(options.id, { leftOut, changed: {} })) context.note(loss);
    return outcome.reply;
  }

  async function* ask(request: AskRequest, context: CallContext): AsyncGenerator<AskEvent> {
    const { body } = await open(request, context);
    yield* tell(chunksIn(body, peer), peer, context.signal);
  }

  const opened: LanguageModel = {
    id: options.id,
    capabilities: options.capabilities,
    accepts: ({ mimeType }: Media) => TAKEN.has(mimeType),
    ask,
    async warm() {},
    async close() {},
  };
  return withDiscovery(opened, 'POST /api/show', async () => {
    const shown = await askAbout(options, 'api/show', { model });
    return Array.isArray(shown?.capabilities) ? foundIn(shown, shown.capabilities) : null;
  });
}

async function* chunksIn(body: AsyncIterable<Buffer>, peer: Peer): AsyncGenerator<Chunk> {
  let called = 0;
  for await (const line of piecesOf(body, '\n')) {
    if (line.trim() === '') continue;
    const json = jsonIn(line);
    const refusal = refusalIn(null, json);
    if (refusal) throw refusalError(refusal, peer);
    if (!isObject(json) || !isObject(json.message)) throw strange(line, peer);
    const chunk = chunkOf(json, json.message, called);
    called += chunk.toolCalls.length;
    yield called > 0 && chunk.reason === 'stop' ? { ...chunk, reason: 'tool_calls' } : chunk;
  }
}

function jsonIn(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function strange(line: string, peer: Peer): SensoriumError {
  return refusalError({ status: null, message: `a line that is no answer: ${line}`, marks: '' }, peer);
}

function chunkOf(json: Json, message: Json, called: number): Chunk {
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls.filter(isObject) : [];
  return {
    ...SAYS_NOTHING,
    model: wordsIn(json.model) || null,
    text: wordsIn(message.content),
    reasoning: wordsIn(message.thinking),
    toolCalls: calls.map(({ id, function: made }, place) => ({
      index: called + place,
      id: wordsIn(id) || null,
      name: isObject(made) ? wordsIn(made.name) || null : null,
      arguments: isObject(made) ? JSON.stringify(made.arguments ?? {}) : '{}',
    })),
    reason: json.done === true ? wordsIn(json.done_reason) || 'stop' : null,
    usage: usageOf({ prompt_tokens: json.prompt_eval_count, completion_tokens: json.eval_count }),
  };
}

const wordsIn = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What it says of a model. It has no place for video and documents. */
function foundIn({ model_info: info }: Json, capabilities: readonly unknown[]): Found {
  const length = isObject(info) ? Object.entries(info).find(([name]) => name.endsWith('.context_length'))?.[1] : null;
  return {
    input: {
      image: capabilities.includes('vision'),
      audio: capabilities.includes('audio'),
      video: false,
      document: false,
    },
    contextTokens: typeof length === 'number' && Number.isSafeInteger(length) ? length : undefined,
  };
}

function classify({ message }: Refusal): RefusalKind | undefined {
  // A pull from long ago that this build cannot read stays unreadable.
  return /no longer compatible|does not support/i.test(message) ? 'refused' : undefined;
}

function howToPull(error: SensoriumError, model: string): SensoriumError {
  if (error.code !== 'ask.unknown-model') return error;
  return new SensoriumError(error.code, error.message, {
    hint: `Fetch it first: ollama pull ${model}`,
    details: error.details,
  });
}
