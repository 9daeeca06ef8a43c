import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAi } from '#ask/dialects/openai/engine.ts';
import { fakeLanguageModel } from '#ask/fake.ts';
import { DEFAULTS } from '#config/schema.ts';
import type { ModelCapabilities } from '#contract/capabilities.ts';
import type { AskRequest } from '#contract/chat.ts';
import { SensoriumError } from '#contract/error.ts';
import { lossOf } from '#contract/loss.ts';
import type { LanguageModel, Recogniser, SpeechEngine } from '#contract/ports.ts';
import type { Stage } from '#contract/report.ts';
import { cancelled } from '#kit/abort.ts';
import type { Decoder } from '#media/decoder.ts';
import { wavDecoder } from '#media/engines/wav/engine.ts';
import { fakeRecogniser } from '#perceive/hear/fake.ts';
import { segmentOf } from '#perceive/hear/segment.ts';
import { experience } from '#pipeline/experience.ts';
import type { Parts } from '#pipeline/parts.ts';
import { fakeVoiceDetector } from '#probe/fake.ts';
import type { VoiceDetector } from '#probe/voice-detector.ts';
import { fakeEngine } from '#speak/fake.ts';
import { listVoices } from '#speak/index.ts';
import { earsOnly } from '../parts.ts';
import { type Case, type Failure, mediaIn } from './cases.ts';
import { SECRETS } from './secrets.ts';

/** What one stage was last handed, so that what is said of it can be checked. */
export interface Handed {
  /** The question as the model got it; `null` while none has come. */
  asked: AskRequest | null;
  /** Sentences given to the voice. */
  spoken: number;
}

/** Long enough for whatever does not hang, on a machine with other work too. */
const PATIENT_SECONDS = 60;
const SOON_SECONDS = 0.03;

/** The parts of the path for one case: each stage's own fake, or one that fails as the case says. */
export function partsFor(one: Case, handed: Handed, upstream: { readonly url: string; readonly model: string }): Parts {
  const { failure } = one;
  const fails = (...failures: readonly Failure[]) => failures.includes(failure);
  const timeouts = Object.fromEntries(
    (['media', 'probe', 'perceive', 'ask', 'speak', 'embed'] as const).map((stage) => [stage, limitOf(stage, one)]),
  ) as Record<Stage, number>;
  const taking = {
    limits: {
      maxDurationMs: fails('media: too long') ? 300 : 60_000,
      maxBytes: fails('media: too large') ? 600 : 2 ** 20,
    },
    allowPrivateHosts: one.allowPrivateHosts,
    offline: false,
    decoders: fails('media: no decoder') ? [missing(wavDecoder)] : [failing(wavDecoder, failure), filmDecoder],
  };
  return {
    taking,
    timeouts,
    check(id) {
      if (id !== DEFAULTS.ask.model) throw new SensoriumError('ask.unknown-model', 'There is no such model.');
    },
    modelId: DEFAULTS.ask.model,
    checkRecogniser: () => {},
    fallbacks: [],
    prices: () => null,
    found: { remember: () => {} },
    experience: experience(),
    ...earsOnly('fake'),
    embedderId: 'fake',
    async detector() {
      if (fails('probe: no detector')) throw new SensoriumError('models.unreachable', 'No source has it.');
      return detector(failure);
    },
    async recogniser() {
      if (fails('perceive: no recogniser')) throw new SensoriumError('models.offline', 'It is not installed.');
      return recogniser(failure);
    },
    async model() {
      if (fails('ask: no weights')) throw new SensoriumError('models.checksum-mismatch', 'Its file is not as it was.');
      return model(one, handed, upstream);
    },
    async speech() {
      if (fails('speak: no engine')) throw new SensoriumError('models.disk-full', 'The disk is full.');
      return voice(failure, handed);
    },
    embedder: () => Promise.reject(new Error('Nobody embeds here.')),
  };
}

function limitOf(stage: Stage, one: Case): number {
  const hangs =
    one.failure === `${stage}: time out` ||
    (stage === 'media' && mediaIn(one).some(({ content }) => content === 'never answers'));
  return hangs ? SOON_SECONDS : PATIENT_SECONDS;
}

/** An error as a library throws it: with a path, with what it was given. */
function rawError(): Error {
  const path = join(tmpdir(), 'sensorium-x', 'weights.bin');
  return Object.assign(new Error(`ENOENT: no such file or directory, open '${path}' for ${SECRETS.media}`), {
    code: 'ENOENT',
    path,
  });
}

const died = () => new SensoriumError('runtime.worker-died', 'The process ended.', { hint: 'Ask again.' });

/** Waits for ever, or until it is stopped. */
function hang(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(cancelled(signal));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

const missing = (decoder: Decoder): Decoder => ({ ...decoder, available: async () => false });

function failing(decoder: Decoder, failure: Failure): Decoder {
  return {
    ...decoder,
    async look(file, signal) {
      if (failure === 'media: disk full') throw new SensoriumError('kit.disk-full', 'The disk is full.');
      if (failure === 'media: raw error') throw rawError();
      if (failure === 'media: time out') return hang(signal);
      return decoder.look(file, signal);
    },
    async *decode(file, counter, signal) {
      yield* decoder.decode(file, counter, signal);
      if (failure === 'probe: sound breaks')
        throw new SensoriumError('media.broken', `${file.name} cannot be decoded.`);
    },
  };
}

/** Half a second of one tone with a picture nobody looks at. */
const filmDecoder: Decoder = {
  id: 'film',
  purpose: 'gives every film the same sound, for tests',
  takes: (mimeType) => mimeType === 'video/mp4',
  available: async () => true,
  look: async () => ({ hasSound: true, hasPicture: true, declaredMs: 500, soundMs: 500 }),
  async *decode(_file, counter) {
    const pcm = Float32Array.from({ length: 8_000 }, (_, at) => 0.3 * Math.sin(at / 6));
    counter.total += pcm.length;
    yield pcm;
  },
};

function detector(failure: Failure): VoiceDetector {
  const fake = fakeVoiceDetector();
  return {
    ...fake,
    async detect(pcm, signal) {
      if (failure === 'probe: raw error') throw rawError();
      if (failure === 'probe: time out') return hang(signal);
      return fake.detect(pcm, signal);
    },
  };
}

/** Says the part's own word, so that the word can be looked for in what the model is given. */
export const wordHeardIn = (part: string) => `heard${part.replace('part-', '')}x`;

function recogniser(failure: Failure): Recogniser {
  return {
    ...fakeRecogniser(),
    capabilities: { languages: ['en'], tokenLogprobs: 'unknown', wordTimes: 'interpolated', prompt: false },
    async *hear(recording, context) {
      const { part, speech } = recording;
      const said = (words: readonly string[], logprob: number) =>
        segmentOf({
          tokens: words.map((word, id) => ({ id, bytes: new TextEncoder().encode(` ${word}`), logprob })),
          speech,
          times: null,
          confidenceSource: 'token-logprob:scripted',
        });
      switch (failure) {
        case 'perceive: raw error':
          throw rawError();
        case 'perceive: process died':
          throw died();
        case 'perceive: time out':
          return await hang(context.signal);
        case 'perceive: gives nothing':
          return;
        case 'perceive: invents': {
          const segment = said(['thanks', 'for', 'watching'], -2);
          if (segment) yield segment;
          return;
        }
        case 'perceive: goes round': {
          const segment = said(Array<string>(40).fill('so'), -0.9);
          if (segment) yield segment;
          return;
        }
        case 'perceive: doubts': {
          const segment = said([wordHeardIn(part)], -0.9);
          if (segment) yield segment;
          return;
        }
        default:
          yield* fakeRecogniser([wordHeardIn(part)]).hear(recording, context);
      }
    },
  };
}

function model(one: Case, handed: Handed, upstream: { readonly url: string; readonly model: string }): LanguageModel {
  const capabilities: ModelCapabilities = {
    input: one.model.takes,
    output: { text: true, audio: false },
    embeddings: one.model.embeddings,
    contextTokens: null,
    languages: ['en'],
    source: 'test',
  };
  const base = isUpstream(one)
    ? openAi({
        id: 'test:upstream',
        model: upstream.model,
        baseUrl: new URL(upstream.url),
        keys: { apiKey: SECRETS.upstreamKey, apiSecret: null, appId: null },
        keyName: 'TEST_API_KEY',
        maxTokensField: 'max_tokens',
        capabilities,
        patience: { retryBaseMs: 1, failuresBeforeRest: 0 },
      })
    : fakeLanguageModel({ input: { audio: true, image: true, video: true, document: true } });
  const { accepts } = one.model;
  return {
    ...base,
    capabilities,
    ...(accepts === 'missing' ? {} : { accepts: () => accepts }),
    async *ask(request, context) {
      handed.asked = request;
      switch (one.failure) {
        case 'ask: raw error':
          throw rawError();
        case 'ask: process died':
          yield { kind: 'text-delta', text: 'I ' };
          throw died();
        case 'ask: no answer':
          yield { kind: 'text-delta', text: 'I ' };
          return;
        case 'ask: cancelled':
          throw new SensoriumError('kit.cancelled', 'Cancelled.');
        case 'ask: time out':
          return await hang(context.signal);
        case 'speak: nothing to say': {
          const text = '```\ncode\n```';
          for await (const event of base.ask(request, context)) {
            if (event.kind !== 'answer-end') continue;
            yield { kind: 'text-delta', text };
            yield { ...event, answer: { ...event.answer, text } };
          }
          return;
        }
        default:
          yield* base.ask(request, context);
      }
    },
    async warm() {
      if (one.failure === 'ask: warming fails') throw new SensoriumError('ask.model-unusable', 'It does not load.');
    },
  };
}

/** Whether the case's model is behind a server. */
export function isUpstream({ model, failure }: Case): boolean {
  return model.upstream || failure.startsWith('ask: upstream');
}

function voice(failure: Failure, handed: Handed): SpeechEngine {
  const fake = fakeEngine();
  return {
    ...fake,
    voices: listVoices(),
    async *speak(sentence, context) {
      handed.spoken++;
      if (failure === 'speak: dies at once') throw died();
      if (failure === 'speak: raw error') throw rawError();
      if (failure === 'speak: time out') await hang(context.signal);
      if (failure === 'speak: cannot pronounce') {
        const message = 'This voice speaks English only.';
        context.note(
          lossOf({ kind: 'not-pronounced', stage: 'speak', engine: fake.id, text: '你', extent: 1, message }),
        );
      }
      yield* fake.speak({ ...sentence, text: sentence.text.slice(0, 3) }, context);
      if (failure === 'speak: dies later') throw died();
    },
  };
}
