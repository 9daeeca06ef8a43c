import { SensoriumError } from '#contract/error.ts';
import { jsonRows } from '#kit/tensor/json-rows.ts';
import { type Rows, tensorFile } from '#kit/tensor/tensor.ts';
import { type Endpoint, peerAt } from '#upstream/endpoint.ts';
import { connectionError, type Refusal } from '#upstream/errors.ts';
import { mediaSlots } from '#upstream/media-body.ts';
import { AGENT, addressBelow, bearer } from '#upstream/request.ts';
import { PATIENCE, readText, send } from '#upstream/send.ts';
import { asVectorRefusal } from '#upstream/vector-refusals.ts';

/** A whole prompt: token numbers, or rows of numbers. */
export type WholePrompt = { readonly tokens: readonly number[] } | Rows;

/** What a server wrote, and the likeliest first tokens, best first. */
export interface Written {
  readonly text: string;
  readonly top: readonly { readonly text: string; readonly logprob: number }[];
}

/** One model of a server that takes vectors as a prompt. */
export interface VectorServer {
  readonly name: 'vLLM' | 'SGLang';
  /** As the server says; `null` where it does not. */
  version(signal: AbortSignal): Promise<string | null>;
  /** The likeliest token again and again. Throws `ask.*`; a refusal of vectors has its gate code in the details. */
  write(prompt: WholePrompt, maxTokens: number, top: number, signal: AbortSignal): Promise<Written>;
}

type Json = Readonly<Record<string, unknown>>;

/** The server behind an endpoint. Throws `inject.engine-unusable` where it is of a kind that takes no vectors. */
export function vectorServer(endpoint: Endpoint, model: string): VectorServer {
  switch (endpoint.dialect) {
    case 'vllm':
    case 'openai':
      return vllm(endpoint, model);
    case 'sglang':
      return sglang(endpoint, model);
    default:
      throw new SensoriumError('inject.engine-unusable', `${endpoint.name} takes no vectors.`, {
        hint: 'Use a model of this machine, of vLLM or of SGLang; or the text route, which every server has.',
        details: { code: 'EMB_SERVER_UNSUPPORTED' },
      });
  }
}

/** vLLM's completions: no chat template, and no log-probabilities of a prompt of vectors. Source: its prompt_embeds.md. */
function vllm(endpoint: Endpoint, model: string): VectorServer {
  const call = caller(endpoint, model);
  return {
    name: 'vLLM',
    version: (signal) => call.version('version', signal),
    async write(prompt, maxTokens, top, signal) {
      const reply = await call.post(addressBelow(endpoint.baseUrl, 'completions'), signal, (slots) => ({
        model,
        ...('tokens' in prompt
          ? { prompt: prompt.tokens }
          : { prompt: null, prompt_embeds: slots.holdMade(tensorFile(prompt, 'bfloat16')) }),
        max_tokens: maxTokens,
        temperature: 0,
        logprobs: top,
        stream: false,
      }));
      const [choice] = listIn(reply, 'choices');
      if (!isObject(choice) || typeof choice.text !== 'string') throw call.odd();
      const [likeliest] = isObject(choice.logprobs) ? listIn(choice.logprobs, 'top_logprobs') : [];
      const tokens = Object.entries(isObject(likeliest) ? likeliest : {}).map(([text, logprob]) => ({ text, logprob }));
      return { text: choice.text, top: best(tokens, top) };
    },
  };
}

/** SGLang's own address. Source: its io_struct.py and http_server.py, 0.5.23. */
function sglang(endpoint: Endpoint, model: string): VectorServer {
  const call = caller(endpoint, model);
  return {
    name: 'SGLang',
    version: (signal) => call.version('server_info', signal),
    async write(prompt, maxTokens, top, signal) {
      const reply = await call.post(call.below('generate'), signal, (slots) => ({
        ...('tokens' in prompt ? { input_ids: prompt.tokens } : { input_embeds: slots.holdJson(jsonRows(prompt)) }),
        sampling_params: { max_new_tokens: maxTokens, temperature: 0 },
        return_logprob: true,
        top_logprobs_num: top,
        return_text_in_logprobs: true,
        stream: false,
      }));
      if (typeof reply.text !== 'string') throw call.odd();
      const [likeliest] = isObject(reply.meta_info) ? listIn(reply.meta_info, 'output_top_logprobs') : [];
      const tokens = (Array.isArray(likeliest) ? likeliest : []).map((one: unknown) => {
        const [logprob, id, text] = Array.isArray(one) ? (one as unknown[]) : [];
        return { text: typeof text === 'string' ? text : String(id), logprob };
      });
      return { text: reply.text, top: best(tokens, top) };
    },
  };
}

function best(tokens: readonly { text: string; logprob: unknown }[], top: number): Written['top'] {
  const told = tokens.flatMap(({ text, logprob }) => (typeof logprob === 'number' ? [{ text, logprob }] : []));
  return told.sort((a, b) => b.logprob - a.logprob).slice(0, top);
}

const MAX_REPLY_BYTES = 4 * 1024 * 1024;

function caller(endpoint: Endpoint, model: string) {
  const peer = peerAt('ask', endpoint, model);
  const patience = { ...PATIENCE, ...endpoint.patience };
  const headers = { 'content-type': 'application/json', accept: 'application/json', ...AGENT };
  const root = new URL(endpoint.baseUrl);
  root.pathname = root.pathname.replace(/(\/v1)?(\/chat\/completions)?\/*$/, '/');
  const odd = () =>
    new SensoriumError('ask.upstream-failed', `${peer.host} answered with something that is no completion.`, {
      hint: 'Is the base URL right, and is it vLLM or SGLang?',
      details: { host: peer.host, model },
    });
  async function fetched(
    url: URL,
    sending: Pick<Parameters<typeof send>[1], 'method' | 'body'>,
    signal: AbortSignal,
  ): Promise<{ readonly json: Json } | { readonly refusal: Refusal; readonly error: SensoriumError }> {
    const own = () => ({ ...headers, ...bearer(endpoint.keys.apiKey) });
    const waiting = { patience, headTimeoutMs: patience.wholeTimeoutMs };
    const outcome = await send(url, { ...sending, ...waiting, headers: own, peer, signal });
    if (outcome.kind === 'refusal') return outcome;
    const text = await readText(outcome.reply, MAX_REPLY_BYTES).catch((thrown: unknown) => {
      throw connectionError(thrown, 'answering', peer, signal);
    });
    try {
      const json: unknown = JSON.parse(text);
      if (isObject(json)) return { json };
    } catch {
      // Said below.
    }
    throw odd();
  }
  const below = (path: string) => addressBelow(root, path);
  return {
    below,
    odd,
    async post(url: URL, signal: AbortSignal, bodyOf: (slots: ReturnType<typeof mediaSlots>) => object): Promise<Json> {
      const slots = mediaSlots();
      const got = await fetched(url, { body: slots.fill(JSON.stringify(bodyOf(slots))) }, signal);
      if ('json' in got) return got.json;
      throw asVectorRefusal(got.error, got.refusal);
    },
    async version(path: string, signal: AbortSignal): Promise<string | null> {
      const got = await fetched(below(path), { method: 'GET', body: null }, signal).catch((error: unknown) => {
        if (signal.aborted || !(error instanceof SensoriumError) || error.code === 'ask.unreachable') throw error;
        return null;
      });
      return got !== null && 'json' in got && typeof got.json.version === 'string' ? got.json.version : null;
    },
  };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listIn(json: Json, name: string): readonly unknown[] {
  const list = json[name];
  return Array.isArray(list) ? list : [];
}
