import { languageModelFor } from '#ask/index.ts';
import { DEFAULTS } from '#config/schema.ts';
import type { Report } from '#contract/report.ts';
import { remoteRecogniserFor } from '#perceive/index.ts';
import { answer } from '#pipeline/answer.ts';
import type { AnswerRequest } from '#pipeline/answer-request.ts';
import { experience } from '#pipeline/experience.ts';
import type { Parts } from '#pipeline/parts.ts';
import { fakeVoiceDetector } from '#probe/fake.ts';
import { remoteSpeechFor } from '#speak/index.ts';
import type { Provider } from '#upstream/endpoint.ts';
import { CONFORMANCE_SERVERS, type Running, startConformance } from '../../src/conformance/index.ts';
import { PATIENCE } from '../conformance/patience.ts';
import { earsOnly } from '../parts.ts';

/** Conformance servers at work, and what to write into a configuration to use them. */
export interface Servers {
  readonly running: ReadonlyMap<string, Running>;
  readonly providers: Readonly<Record<string, Provider>>;
  close(): Promise<void>;
}

/** Starts the conformance servers of these names. */
export async function startServers(names: readonly string[]): Promise<Servers> {
  const running = new Map<string, Running>();
  let providers: Record<string, Provider> = {};
  for (const name of names) {
    const [own, ...switches] = name.split('+');
    const vendor = CONFORMANCE_SERVERS.find((one) => one.name === own);
    if (!vendor) throw new Error(`There is no conformance server called ${own}.`);
    const server = await startConformance(vendor, { switches });
    running.set(name, server);
    const config = vendor.configure(server.origin) as { providers: Record<string, Provider> };
    providers = { ...providers, ...config.providers };
  }
  for (const [name, provider] of Object.entries(providers)) {
    // At another address than OpenAI's own its name would stand for any server.
    providers[name] = { ...(name === 'openai' ? { dialect: 'openai' } : {}), ...provider, patience: PATIENCE };
  }
  return {
    running,
    providers,
    close: async () => {
      for (const server of running.values()) await server.close();
    },
  };
}

/** The real path with everything elsewhere: models, recogniser and voice are what the request names; a voice is what is loud. */
export function partsAt(providers: Servers['providers'], hearWith: string, more: Partial<Parts> = {}): Parts {
  return {
    taking: { limits: {}, allowPrivateHosts: true, offline: false },
    timeouts: DEFAULTS.timeouts,
    check: () => {},
    checkRecogniser: () => {},
    modelId: 'none',
    fallbacks: [],
    prices: () => null,
    found: { remember: () => {} },
    experience: experience(),
    ...earsOnly(hearWith),
    detector: async () => fakeVoiceDetector(),
    recogniser: (id) => remoteRecogniserFor(id, { providers }),
    model: (id) => languageModelFor(id, { providers }),
    embedderId: 'none',
    embedder: () => Promise.reject(new Error('Nobody embeds here.')),
    speech: (voice) => remoteSpeechFor(voice, { providers }),
    ...more,
  };
}

/** Answers and gives the report, with the length of the sound that came. */
export async function reportOf(
  request: Partial<AnswerRequest>,
  parts: Parts,
): Promise<{ report: Report; soundMs: number }> {
  let report: Report | null = null;
  let soundMs = 0;
  const whole: AnswerRequest = { question: null, media: [], voice: null, speed: 1, ...request };
  for await (const event of answer(whole, parts)) {
    if (event.kind === 'report-made') report = event.report;
    if (event.kind === 'speech-chunk') soundMs += (event.pcm.length * 1000) / event.sampleRateHz;
  }
  if (!report) throw new Error('There was no report.');
  return { report, soundMs };
}
