import type { AskEvent, AskRequest } from '#contract/chat.ts';
import { SensoriumError } from '#contract/error.ts';
import { lossOf } from '#contract/loss.ts';
import type { CallContext, LanguageModel } from '#contract/ports.ts';
import { secretsOf } from '#upstream/endpoint.ts';
import { type Peer, refusalError } from '#upstream/errors.ts';
import { type Body, mediaSlots } from '#upstream/media-body.ts';
import { PATIENCE, readText, send } from '#upstream/send.ts';
import { mustAsk } from '../../question.ts';
import { atRoot } from '../found.ts';
import type { Chunk } from '../openai/chunk.ts';
import { AGENT, bearer } from '../openai/engine.ts';
import { isObject } from '../openai/usage.ts';
import type { RemoteOptions } from '../remote.ts';
import { piecesOf, SAYS_NOTHING, tell } from '../tell.ts';
import { hasEnding, type MediaFiles, mediaFiles } from './files.ts';
import { noteIgnored } from './options.ts';
import { type Prompt, promptFor } from './prompt.ts';

/** What a worker writes at most. */
const MOST_TOKENS = 1024;
const MAX_ADDRESS_BYTES = 64 * 1024;

/**
 * VideoLLaMA2 behind its controller, which passes a question on to a worker; pictures go as base64, a video as the path of a
 * file that the worker opens. Source: videollama2/serve/controller.py and model_worker.py (c0bb03a).
 */
export function videoLlamaController(options: RemoteOptions): LanguageModel {
  const { baseUrl, keys, model } = options;
  const patience = { ...PATIENCE, ...options.patience };
  const secrets = secretsOf(keys);
  const peer: Peer = { stage: 'ask', host: baseUrl.host, model, keyName: options.keyName, secrets };
  const headers = { 'content-type': 'application/json', ...AGENT, ...bearer(keys.apiKey) };

  async function post(path: string, body: Body, signal: AbortSignal) {
    const { headTimeoutMs } = patience;
    const outcome = await send(atRoot(baseUrl, path), { headers, body, peer, patience, headTimeoutMs, signal });
    if (outcome.kind === 'refusal') throw outcome.error;
    return outcome.reply;
  }

  /** The controller gives an empty address where nobody runs the model. */
  async function mustHaveWorker(signal: AbortSignal): Promise<void> {
    const reply = await post('get_worker_address', JSON.stringify({ model }), signal);
    const json = parsed(await readText(reply, MAX_ADDRESS_BYTES));
    if (isObject(json) && typeof json.address === 'string' && json.address !== '') return;
    throw new SensoriumError('ask.unknown-model', `The controller at ${baseUrl.host} has no worker for ${model}.`, {
      hint: 'Start a worker with this --model-name, and wait until it has registered.',
      details: { host: baseUrl.host, model },
    });
  }

  async function* ask(request: AskRequest, context: CallContext): AsyncGenerator<AskEvent> {
    mustAsk(request);
    const { signal } = context;
    const prompt = promptFor(request.messages, model);
    await mustHaveWorker(signal);
    noteIgnored(options.id, request, context);
    if (request.maxTokens !== undefined && request.maxTokens > MOST_TOKENS) context.note(shortened(options.id));
    const files = await mediaFiles();
    try {
      const { body } = await post('worker_generate_stream', await bodyOf(prompt, request, model, files), signal);
      yield* tell(chunksIn(body, prompt, peer), peer, signal, { endsSilently: true });
    } finally {
      await files.close();
    }
  }

  return {
    id: options.id,
    capabilities: options.capabilities,
    accepts: ({ kind, mimeType }) => (kind === 'image' || kind === 'video') && hasEnding(mimeType),
    ask,
    async warm() {},
    async close() {},
  };
}

async function bodyOf(prompt: Prompt, request: AskRequest, model: string, files: MediaFiles): Promise<Body> {
  const { text, stop, media, kind } = prompt;
  const slots = mediaSlots();
  const images: string[] = [];
  for (const part of media) images.push(kind === 'image' ? slots.hold(part) : await files.write(part));
  const { temperature, topP, maxTokens = MOST_TOKENS } = request;
  const max_new_tokens = Math.min(maxTokens, MOST_TOKENS);
  return slots.fill(JSON.stringify({ model, prompt: text, images, temperature, top_p: topP, max_new_tokens, stop }));
}

/** Each message repeats the prompt and everything said so far. */
async function* chunksIn(body: AsyncIterable<Buffer>, prompt: Prompt, peer: Peer): AsyncGenerator<Chunk> {
  let toldChars = 0;
  for await (const piece of piecesOf(body, '\0')) {
    const json = parsed(piece);
    const text = isObject(json) && typeof json.text === 'string' ? json.text : null;
    if (!isObject(json) || text === null || json.error_code !== 0) throw failed(json, text, peer);
    if (!text.startsWith(prompt.text)) throw failed(null, 'it did not answer this question', peer);
    const said = text.slice(prompt.text.length);
    if (toldChars === 0 && said.startsWith('Exceeds max token length')) throw tooLong(peer);
    const more = said.slice(toldChars);
    toldChars = Math.max(toldChars, said.length);
    if (more !== '') yield { ...SAYS_NOTHING, text: more };
  }
}

function failed(json: unknown, text: string | null, peer: Peer): SensoriumError {
  const code = isObject(json) ? json.error_code : undefined;
  const message = text === null ? 'a message that is no answer' : `${text} (error_code ${code})`;
  // The same code says that a worker failed and that its list of words forbids an answer.
  const isForbidden = /unsafe content|violates local laws/i.test(message);
  const classify = isForbidden ? () => 'refused' as const : undefined;
  return refusalError({ status: null, message, marks: '' }, { ...peer, classify });
}

function tooLong(peer: Peer): SensoriumError {
  const classify = () => 'too-long' as const;
  return refusalError({ status: null, message: 'the question exceeds its context', marks: '' }, { ...peer, classify });
}

function shortened(engine: string) {
  return lossOf({
    kind: 'option-ignored',
    stage: 'ask',
    engine,
    text: 'maxTokens',
    message: `A worker writes at most ${MOST_TOKENS} tokens.`,
    action: `Asked for ${MOST_TOKENS}.`,
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
