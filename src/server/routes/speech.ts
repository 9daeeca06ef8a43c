import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SensoriumError } from '#contract/error.ts';
import { type Loss, lossOf } from '#contract/loss.ts';
import { channel } from '#kit/channel.ts';
import { encoderFor, encodeSound, SOUND_FORMATS } from '#pipeline/index.ts';
import { isElsewhere, voiceFor } from '../chat/voices.ts';
import { httpError } from '../errors.ts';
import { NOT_STORED } from '../load/idempotency.ts';
import { SpeechRequest } from '../schemas/speech.ts';
import type { Service } from '../service.ts';
import { parsed } from '../wire/bad-request.ts';
import { bodyOf } from '../wire/body.ts';
import { breakOff } from '../wire/break-off.ts';
import { signalOf } from '../wire/signal.ts';
import { drained, eventStream } from '../wire/sse.ts';

/** OpenAI’s speech models, so that settings for them go on working: the engine that has the voice answers. */
const STAND_INS: ReadonlySet<string> = new Set([
  'tts-1',
  'tts-1-hd',
  'gpt-4o-mini-tts',
  'gpt-4o-mini-tts-2025-12-15',
  'kokoro',
]);

/** `POST /v1/audio/speech`: a text as sound, the first of it before the last sentence is made. */
export function addSpeech(app: FastifyInstance, service: Service): void {
  app.post('/v1/audio/speech', async (request, reply) => {
    const body = bodyOf(request);
    const wanted = parsed(SpeechRequest, body.json);
    await body.close();
    const { config } = service;
    if (request.headers['idempotency-key'] !== undefined) reply.headers(NOT_STORED);
    const { model } = wanted;
    if (model !== undefined && !isElsewhere(model) && model !== config.speak.model && !STAND_INS.has(model)) {
      throw new SensoriumError('ask.unknown-model', 'There is no such speech model.', {
        hint: `Name ${config.speak.model} or VENDOR:MODEL, or leave the model out. GET /v1/models lists what there is.`,
      });
    }
    await encoderFor(wanted.response_format);
    return wanted.stream_format === 'sse'
      ? asEvents(wanted, request, reply, service)
      : asBytes(wanted, request, reply, service);
  });
}

interface Spoken {
  readonly sound: AsyncIterable<Uint8Array>;
  readonly losses: Loss[];
  /** Length of the sound so far, in seconds. */
  seconds(): number;
}

function spokenFor(
  wanted: SpeechRequest,
  request: FastifyRequest,
  { sensorium, config, metrics, words }: Service,
): Spoken {
  words(request.id, { spoken: wanted.input });
  const named = typeof wanted.voice === 'object' ? wanted.voice.id : wanted.voice;
  const elsewhere = wanted.model !== undefined && isElsewhere(wanted.model) && named !== undefined;
  // A vendor's model has voices of its own, by the names its users know.
  const full = elsewhere && !isElsewhere(named) ? `${wanted.model}/${named}` : named;
  const { voice, loss } = voiceFor(full ?? config.speak.voice, sensorium.voices());
  const losses: Loss[] = loss ? [loss] : [];
  if (wanted.instructions) losses.push(ignoredInstructions());
  const signal = signalOf(request);
  let seconds = 0;
  async function* sound(): AsyncGenerator<Uint8Array> {
    const story = sensorium.say({ text: wanted.input, voice, speed: wanted.speed, requestId: request.id }, signal);
    const pcm = channel<Float32Array>();
    let started: (sampleRateHz: number) => void = () => {};
    const rate = new Promise<number>((resolve) => {
      started = resolve;
    });
    const telling = (async () => {
      try {
        for await (const event of story) {
          metrics.happened(event);
          if (event.kind === 'loss-noted') losses.push(event.loss);
          if (event.kind !== 'speech-chunk') continue;
          started(event.sampleRateHz);
          seconds += event.pcm.length / event.sampleRateHz;
          pcm.push(event.pcm);
          await pcm.room(MOST_UNREAD);
        }
        pcm.end();
      } catch (error) {
        pcm.fail(error);
        throw error;
      }
    })();
    try {
      const sampleRateHz = await Promise.race([rate, telling.then(() => 24_000)]);
      yield* encodeSound(pcm, { format: wanted.response_format, sampleRateHz }, { signal });
      await telling;
    } finally {
      pcm.end();
      telling.catch(() => {});
    }
  }
  return { sound: sound(), losses, seconds: () => seconds };
}

/** Pieces of sound that may wait for the encoder, each up to a sentence long. */
const MOST_UNREAD = 2;

function ignoredInstructions(): Loss {
  const message = 'No voice here takes instructions; they were left out.';
  return lossOf({ kind: 'option-ignored', stage: 'speak', text: 'instructions', message });
}

async function asBytes(
  wanted: SpeechRequest,
  request: FastifyRequest,
  reply: FastifyReply,
  service: Service,
): Promise<FastifyReply> {
  const { sound, losses } = spokenFor(wanted, request, service);
  const pieces = sound[Symbol.asyncIterator]();
  // Until there is sound, a failure can still have its own status.
  const first = await pieces.next();
  const { raw } = reply;
  reply.hijack();
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': SOUND_FORMATS[wanted.response_format].contentType,
    'sensorium-model':
      wanted.model !== undefined && isElsewhere(wanted.model) ? wanted.model : service.config.speak.model,
    ...(losses.length === 0 ? {} : { 'sensorium-losses': kindsOf(losses) }),
    // What is lost later can only be told after the last of the sound.
    trailer: 'sensorium-losses',
  });
  try {
    for (let next = first; !next.done; next = await pieces.next()) if (!raw.write(next.value)) await drained(raw);
    if (losses.length > 0) raw.addTrailers({ 'sensorium-losses': kindsOf(losses) });
    raw.end();
  } catch (error) {
    service.log.warn({ request: request.id, code: httpError(error, request.id).body.error.code }, 'sound broken off');
    // An ending that looks whole would be a lie.
    raw.destroy();
  }
  return reply;
}

function kindsOf(losses: readonly Loss[]): string {
  return [...new Set(losses.map(({ kind }) => kind))].join(', ');
}

async function asEvents(
  wanted: SpeechRequest,
  request: FastifyRequest,
  reply: FastifyReply,
  service: Service,
): Promise<FastifyReply> {
  const { sound, losses, seconds } = spokenFor(wanted, request, service);
  const out = eventStream(reply);
  try {
    for await (const piece of sound) {
      const audio = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('base64');
      if (!out.send(JSON.stringify({ type: 'speech.audio.delta', audio }))) await out.room();
    }
    // No language model took part, so there are no tokens to count.
    const usage = { input_tokens: 0, output_tokens: 0, total_tokens: 0 };
    await out.send(
      JSON.stringify({ type: 'speech.audio.done', usage, sensorium: { audio_seconds: seconds(), losses } }),
    );
  } catch (error) {
    breakOff(out, error, request.id, service.log);
  } finally {
    if (out.begun) out.end();
  }
  return reply;
}
