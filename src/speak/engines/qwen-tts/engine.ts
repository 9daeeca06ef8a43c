import { SensoriumError } from '#contract/error.ts';
import { lossOf } from '#contract/loss.ts';
import type { CallContext, SpeechEngine } from '#contract/ports.ts';
import type { HttpReply } from '#kit/http.ts';
import { classifyDashScope, GENERATION, nativeRefusal, nativeUrl } from '#upstream/dashscope.ts';
import { peerAt } from '#upstream/endpoint.ts';
import { type Peer, refusalError } from '#upstream/errors.ts';
import { messagesOf } from '#upstream/messages.ts';
import { AGENT, bearer } from '#upstream/request.ts';
import { PATIENCE, send } from '#upstream/send.ts';
import { soundText } from '../remote/decode.ts';
import type { RemoteSpeaking } from '../remote/engine.ts';
import { stretches } from '../remote/split.ts';
import { remoteVoice } from '../remote/voice.ts';
import { soundAt } from './sound-at.ts';

const RATE_HZ = 24_000;
/** Said to be 600; another client cuts here and is not refused. */
const MAX_CHARS = 512;

/**
 * Qwen-TTS, which DashScope has only natively: streamed as base64 of headerless PCM16 at 24 kHz, or as the address of a WAV.
 * Source: Model Studio, qwen-tts-api. Throws `speak.unknown-model` for models that speak on a socket.
 */
export function qwenTts(speaking: RemoteSpeaking): SpeechEngine {
  const { name, model, baseUrl, keys, voices } = speaking;
  if (/-realtime(?:-|$)/.test(model)) {
    throw new SensoriumError('speak.unknown-model', `${model} speaks on a socket, and that way is not built yet.`, {
      hint: `Use ${model.replace('-realtime', '')}, or a voice of CosyVoice.`,
    });
  }
  const patience = { ...PATIENCE, ...speaking.patience };
  const url = nativeUrl(baseUrl, GENERATION);
  const peer = peerAt('speak', speaking, model, classifyDashScope);

  async function opened(text: string, voice: string, signal: AbortSignal): Promise<HttpReply> {
    const outcome = await send(url, {
      headers: {
        'content-type': 'application/json',
        ...AGENT,
        ...bearer(keys.apiKey),
        accept: 'text/event-stream, application/json',
        'x-dashscope-sse': 'enable',
      },
      body: JSON.stringify({ model, input: { text, voice, language_type: 'Auto' } }),
      peer,
      patience,
      headTimeoutMs: patience.headTimeoutMs,
      signal,
    });
    if (outcome.kind === 'refusal') throw outcome.error;
    return outcome.reply;
  }

  /** The sound of one request: what streams in, else what lies at the address it ends with. */
  async function* spoken(text: string, voice: string, context: CallContext): AsyncGenerator<Uint8Array> {
    const { signal } = context;
    const decoder = soundText('base64');
    const reply = await opened(text, voice, signal);
    let heardBytes = 0;
    let place: string | null = null;
    for await (const message of messagesOf(reply, peer, signal, (one) => readSound(one).isLast)) {
      const refusal = nativeRefusal(null, message);
      if (refusal) throw refusalError(refusal, peer);
      const { data, address } = readSound(message);
      const bytes = decoded(() => decoder.push(data), peer);
      heardBytes += bytes.length;
      if (bytes.length > 0) yield bytes;
      place = address ?? place;
    }
    const rest = decoded(() => decoder.end(), peer);
    if (rest.length > 0) yield rest;
    if (heardBytes + rest.length === 0 && place !== null) yield* soundAt(place, { baseUrl, peer, patience, signal });
  }

  /** Losses are noted once for everything that is said in one go. */
  const told = new WeakSet<CallContext['note']>();

  return remoteVoice({
    id: name,
    sampleRateHz: RATE_HZ,
    voices,
    async *synthesise({ text, voice, speed }, context) {
      if (speed !== 1 && !told.has(context.note)) {
        told.add(context.note);
        context.note(ignoredSpeed(name));
      }
      for (const stretch of stretches(text, MAX_CHARS)) yield* spoken(stretch, voice, context);
    },
  });
}

type Json = Readonly<Record<string, unknown>>;

/** What one message brings: base64, the address of the whole, and whether it is the last. */
function readSound(message: unknown): { data: string; address: string | null; isLast: boolean } {
  const output = ((message as Json | null)?.output ?? {}) as Json;
  const audio = (output.audio ?? {}) as Json;
  return {
    data: typeof audio.data === 'string' ? audio.data : '',
    address: typeof audio.url === 'string' && audio.url !== '' ? audio.url : null,
    isLast: output.finish_reason === 'stop',
  };
}

function decoded(decode: () => Buffer, { host, model }: Peer): Buffer {
  try {
    return decode();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new SensoriumError('speak.upstream-failed', `${host} sent sound that is not base64.`, {
      hint: 'Ask again; if it stays so, look at the server.',
      details: { host, model },
      cause,
    });
  }
}

function ignoredSpeed(engine: string) {
  return lossOf({
    kind: 'option-ignored',
    stage: 'speak',
    engine,
    text: 'speed',
    message: 'The server has no setting for the pace of a voice.',
    action: 'Spoke at the voice’s own pace.',
  });
}
