import { tmpdir } from 'node:os';
import { fakeLanguageModel } from '#ask/fake.ts';
import { DEFAULTS } from '#config/schema.ts';
import type { Embedder, LanguageModel, Recogniser, SpeechEngine } from '#contract/ports.ts';
import type { Stage } from '#contract/report.ts';
import { cancelled } from '#kit/abort.ts';
import { fakeRecogniser } from '#perceive/hear/fake.ts';
import { tellAnswer } from '#pipeline/answer.ts';
import { embedInputs } from '#pipeline/embed.ts';
import { experience } from '#pipeline/experience.ts';
import type { Sensorium } from '#pipeline/index.ts';
import type { Parts } from '#pipeline/parts.ts';
import { perceiveOne } from '#pipeline/perceive-one.ts';
import { say } from '#pipeline/say.ts';
import { fakeVoiceDetector } from '#probe/fake.ts';
import { workerStates } from '#runtime/worker/host.ts';
import { type RunningServer, startServer } from '#server/index.ts';
import { fakeEngine } from '#speak/fake.ts';
import { listVoices } from '#speak/index.ts';
import { fakeEmbedder } from '../../src/embed/fake.ts';
import { earsOnly } from '../parts.ts';

/** The stages a test brings itself; fakes stand for the others. */
export interface Stages {
  readonly model?: Partial<LanguageModel>;
  readonly recogniser?: Partial<Recogniser>;
  readonly detector?: { detect(pcm: AsyncIterable<Float32Array>, signal: AbortSignal): Promise<never> };
  readonly speech?: Partial<SpeechEngine>;
  readonly embedder?: Partial<Embedder>;
  readonly mediaEmbedders?: Parts['mediaEmbedders'];
}

export interface FakeServerOptions extends Stages {
  readonly server?: Partial<(typeof DEFAULTS)['server']>;
  /** Seconds for single stages; the others have their usual time. */
  readonly timeouts?: Partial<Record<Stage, number>>;
}

/** The real server and the real pipeline around stages of a test, on a free port. */
export async function startFakeServer(options: FakeServerOptions = {}): Promise<RunningServer> {
  const config = {
    ...DEFAULTS,
    server: { ...DEFAULTS.server, port: 0, drainSeconds: 0, ...options.server },
    timeouts: { ...DEFAULTS.timeouts, ...options.timeouts },
    media: { ...DEFAULTS.media, allowPrivateHosts: true },
    log: { level: 'silent', pii: false } as const,
  };
  const parts: Parts = {
    taking: { limits: { maxDurationMs: 600_000, maxBytes: 2 ** 27 }, allowPrivateHosts: true, offline: false },
    timeouts: config.timeouts,
    check: () => {},
    modelId: config.ask.model,
    checkRecogniser: () => {},
    fallbacks: [],
    prices: () => null,
    found: { remember: () => {} },
    experience: experience(),
    ...earsOnly(config.hear.model),
    embedderId: config.embed.model,
    detector: async () => ({ ...fakeVoiceDetector(), ...options.detector }),
    recogniser: async () => ({ ...fakeRecogniser(['paris']), ...options.recogniser }),
    model: async () => ({ ...fakeLanguageModel(), ...options.model }),
    embedder: async () => ({ ...fakeEmbedder(), ...options.embedder }),
    mediaEmbedders: options.mediaEmbedders,
    speech: async () => ({ ...fakeEngine(), voices: listVoices(), ...options.speech }),
  };
  const sensorium: Partial<Sensorium> = {
    tell: (request, listener, stop) => tellAnswer(request, parts, listener, stop),
    perceive: (request, signal) => perceiveOne(request, parts, signal),
    say: (request, signal) => say(request, parts, signal),
    embed: (request, signal) => embedInputs(request, parts, signal),
    voices: listVoices,
    processes: workerStates,
  };
  return startServer(sensorium as Sensorium, { config, home: tmpdir(), origins: new Map() }, 'test');
}

/** Waits for ever, or until it is stopped; `onStop` is told when. */
export function hang(signal: AbortSignal, onStop: () => void = () => {}): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => {
      onStop();
      reject(cancelled(signal));
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** Something that happens once and can be waited for. */
export function moment(): { readonly reached: Promise<void>; readonly reach: () => void } {
  let reach = () => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  return { reached, reach };
}
