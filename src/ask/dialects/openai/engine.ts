import type { Answer } from '#contract/answer.ts';
import { SensoriumError } from '#contract/error.ts';
import { lossOf } from '#contract/loss.ts';
import type { AskEvent, AskRequest, CallContext, LanguageModel, ModelCapabilities } from '#contract/ports.ts';
import type { HttpReply } from '#kit/http.ts';
import { mustAsk } from '../../question.ts';
import type { Vendor } from '../../vendors.ts';
import { chatBody, learnRefusal, type Refused } from './body.ts';
import { type Chunk, readChunk } from './chunk.ts';
import { connectionError, type Peer, refusalError, refusalIn } from './errors.ts';
import { type Line, readLines } from './lines.ts';
import { PATIENCE, type Patience, send } from './send.ts';
import { spokenText } from './spoken-text.ts';

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

/** A model behind an endpoint that speaks OpenAI's chat completions, streamed. */
export function openAi(options: OpenAiOptions): LanguageModel {
  const { baseUrl, apiKey, model, vendor } = options;
  const patience = { ...PATIENCE, ...options.patience };
  const url = chatUrl(baseUrl);
  const peer: Peer = { host: baseUrl.host, model, keyName: vendor.keyName, apiKey };
  const headers = {
    'content-type': 'application/json',
    accept: 'text/event-stream, application/json',
    'user-agent': 'sensorium',
    ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}),
  };
  const refused: Refused = new Set();

  /** Asks, and asks again without an option of ours that the server says it does not know. */
  async function ask(request: AskRequest, signal: AbortSignal): Promise<HttpReply> {
    for (;;) {
      const body = chatBody(model, request, vendor.maxTokensField, refused);
      const outcome = await send(url, headers, JSON.stringify(body), peer, patience, signal);
      if (outcome.kind === 'reply') return outcome.reply;
      const { status, message } = outcome.refusal;
      if ((status !== 400 && status !== 422) || learnRefusal(message, body, refused) === null) throw outcome.error;
    }
  }

  return {
    id: options.id,
    capabilities: options.capabilities,
    async *ask(request, context) {
      mustAsk(request);
      const reply = await ask(request, context.signal);
      noteIgnored(options.id, request, refused, context);
      yield* readAnswer(reply, peer, context.signal);
    },
    async warm() {},
    async close() {},
  };
}

function chatUrl(baseUrl: URL): URL {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, '').replace(/\/chat\/completions$/, '')}/chat/completions`;
  return url;
}

function noteIgnored(engine: string, request: AskRequest, refused: Refused, context: CallContext): void {
  const both = refused.has('max_tokens') && refused.has('max_completion_tokens');
  const ignored = [
    ...(request.temperature !== undefined && refused.has('temperature') ? ['temperature'] : []),
    ...(request.seed !== undefined && refused.has('seed') ? ['seed'] : []),
    ...(request.maxTokens !== undefined && both ? ['maxTokens'] : []),
  ];
  for (const option of ignored) {
    context.note(
      lossOf({
        kind: 'option-ignored',
        stage: 'ask',
        engine,
        text: option,
        message: `The server does not take ${option}; it was left out.`,
        action: 'Asked again without it.',
      }),
    );
  }
}

const FINISH: Readonly<Record<string, Answer['finishReason']>> = {
  stop: 'stop',
  normal: 'stop',
  length: 'length',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
  sensitive: 'content-filter',
};
/** Reasons that mean the server failed, in the same field. */
const FAILED = new Set(['abort', 'error', 'network_error']);

async function* readAnswer(reply: HttpReply, peer: Peer, signal: AbortSignal): AsyncGenerator<AskEvent> {
  const spoken = spokenText();
  let text = '';
  let reason: string | null = null;
  let usage: Answer['usage'] = null;
  let model = peer.model;
  let complete = false;
  try {
    // The body outlives this loop, so that its connection can serve the next question.
    for await (const line of readLines(reply.body.iterator({ destroyOnReturn: false }), peer)) {
      if (line.kind === 'done') {
        complete = true;
        break;
      }
      const chunk = chunkIn(line, peer);
      model = chunk.model ?? model;
      usage = chunk.usage ?? usage;
      reason = chunk.reason ?? reason;
      const piece = spoken.push(chunk.text);
      if (piece !== '') yield { kind: 'text-delta', text: piece };
      text += piece;
      if (reason !== null && FAILED.has(reason)) {
        throw refusalError({ status: null, message: `it ended with “${reason}”`, marks: '' }, peer);
      }
    }
  } catch (thrown) {
    // Once the reason for the end is there, only the figures after it can be lost.
    if (reason === null || FAILED.has(reason) || signal.aborted)
      throw connectionError(thrown, 'answering', peer, signal);
  } finally {
    release(reply, complete);
  }
  const rest = spoken.end();
  if (reason === null && (!complete || text + rest === '')) throw cutOff(peer, text);
  if (rest !== '') yield { kind: 'text-delta', text: rest };
  text += rest;
  yield {
    kind: 'answer-end',
    answer: { text, model, finishReason: reason === null ? null : (FINISH[reason] ?? null), usage },
  };
}

function chunkIn(line: Line & { kind: 'json' }, peer: Peer): Chunk {
  const refusal = refusalIn(null, line.json);
  if (refusal) throw refusalError(refusal, peer);
  if (line.isError) throw refusalError({ status: null, message: JSON.stringify(line.json), marks: '' }, peer);
  const chunk = readChunk(line.json);
  if (chunk) return chunk;
  throw refusalError({ status: null, message: 'a message that is not a chat completion', marks: '' }, peer);
}

function cutOff(peer: Peer, text: string): SensoriumError {
  return new SensoriumError('ask.upstream-failed', `${peer.host} ended its answer in the middle.`, {
    hint: 'What came so far was passed on; ask again for a whole answer.',
    details: { host: peer.host, model: peer.model, receivedChars: text.length },
  });
}

const LINGER_MS = 1_000;

/** Lets a complete reply run out, a broken or abandoned one go at once. */
function release({ body }: HttpReply, complete: boolean): void {
  if (!complete) body.destroy();
  else {
    body.resume();
    setTimeout(() => body.destroy(), LINGER_MS).unref();
  }
}
