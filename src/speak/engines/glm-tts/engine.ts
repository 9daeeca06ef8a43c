import { SensoriumError } from '#contract/error.ts';
import { lossOf } from '#contract/loss.ts';
import type { CallContext, SpeechEngine } from '#contract/ports.ts';
import type { HttpReply } from '#kit/http.ts';
import { peerAt } from '#upstream/endpoint.ts';
import { connectionError, type Peer } from '#upstream/errors.ts';
import { glmHeaders, glmMeaning } from '#upstream/glm.ts';
import { messagesOf } from '#upstream/messages.ts';
import { AGENT, addressBelow } from '#upstream/request.ts';
import { PATIENCE, send } from '#upstream/send.ts';
import { type Encoding, soundText } from '../remote/decode.ts';
import type { RemoteSpeaking } from '../remote/engine.ts';
import { stretches } from '../remote/split.ts';
import { remoteVoice } from '../remote/voice.ts';
import { wavBody } from './wav-body.ts';

const RATE_HZ = 24_000;
const MAX_CHARS = 1024;
const SPEEDS = { least: 0.5, most: 2 } as const;

/** How a sentence is asked for: as one WAV, or as a stream in one of two encodings. A stream begins to sound earlier. */
export type Form = 'wav' | Encoding;

/** Zhipu’s GLM-TTS, and voices cloned there. */
export function glmTts(speaking: RemoteSpeaking, form: Form = 'base64'): SpeechEngine {
  const { name, model, baseUrl, voices } = speaking;
  const patience = { ...PATIENCE, ...speaking.patience };
  const url = addressBelow(baseUrl, 'audio/speech');
  const peer = peerAt('speak', speaking, model, glmMeaning);
  const authorise = glmHeaders(speaking, 'speak');

  async function opened(input: string, voice: string, speed: number, signal: AbortSignal): Promise<HttpReply> {
    const how =
      form === 'wav' ? { response_format: 'wav' } : { response_format: 'pcm', stream: true, encode_format: form };
    const outcome = await send(url, {
      headers: () => ({ 'content-type': 'application/json', ...AGENT, ...authorise(), accept: '*/*' }),
      body: JSON.stringify({ model, input, voice, speed, ...how }),
      peer,
      patience,
      headTimeoutMs: form === 'wav' ? patience.wholeTimeoutMs : patience.headTimeoutMs,
      signal,
    });
    if (outcome.kind === 'refusal') throw outcome.error;
    return outcome.reply;
  }

  return remoteVoice({
    id: name,
    sampleRateHz: RATE_HZ,
    voices,
    async *synthesise({ text, voice, speed }, context) {
      const pace = paceOf(speed, name, context);
      for (const input of stretches(text, MAX_CHARS)) {
        const reply = await opened(input, voice, pace, context.signal);
        const isWav = form === 'wav' || /^audio\//.test(reply.headers['content-type'] ?? '');
        yield* isWav ? wavBody(reply, RATE_HZ, peer, context.signal) : streamed(reply, form, peer, context.signal);
      }
    },
  });
}

function paceOf(speed: number, engine: string, { note }: CallContext): number {
  const pace = Math.min(SPEEDS.most, Math.max(SPEEDS.least, speed));
  if (pace !== speed) {
    note(
      lossOf({
        kind: 'option-ignored',
        stage: 'speak',
        engine,
        text: 'speed',
        message: `The server speaks between ${SPEEDS.least} and ${SPEEDS.most} times as fast as usual.`,
        action: `Spoke ${pace} times as fast.`,
      }),
    );
  }
  return pace;
}

/** The sound in a stream that looks like a chat’s, where words would be. */
async function* streamed(
  reply: HttpReply,
  encoding: Encoding,
  peer: Peer,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const sound = soundText(encoding);
  try {
    for await (const message of messagesOf(reply, peer, signal)) yield sound.push(contentOf(message));
    yield sound.end();
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw connectionError(thrown, 'answering', peer, signal);
    throw new SensoriumError('speak.upstream-failed', `${peer.host} sent sound that cannot be decoded.`, {
      hint: 'Ask again; if it stays so, look at the server.',
      details: { host: peer.host, model: peer.model },
    });
  }
}

function contentOf(message: unknown): string {
  const { choices } = (message ?? {}) as { choices?: readonly { delta?: { content?: unknown } }[] };
  const content = Array.isArray(choices) ? choices[0]?.delta?.content : undefined;
  return typeof content === 'string' ? content.trim() : '';
}
