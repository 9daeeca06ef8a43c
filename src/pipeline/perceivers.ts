import { LRUCache } from 'lru-cache';
import type { Config } from '#config/index.ts';
import type { Diariser, LanguageModel, Reader, Recogniser } from '#contract/ports.ts';
import { version } from '#kit/version.ts';
import type { LocalModelStore } from '#models/index.ts';
import {
  checkRecogniser,
  describerFor,
  diariserFor,
  isRecogniser,
  isRemoteRecogniser,
  READERS,
  RECOGNISERS,
  readerFor,
  recogniserFor,
  recogniserIn,
  remoteRecogniserFor,
} from '#perceive/index.ts';
import { VOICE_DETECTORS, type VoiceDetector } from '#probe/index.ts';
import type { LineOptions } from '#runtime/worker/host.ts';
import { lazy } from './lazy.ts';
import type { Parts } from './parts.ts';
import { pool } from './pool.ts';

export interface PerceiverOptions extends LineOptions {
  readonly store: Pick<LocalModelStore, 'list' | 'fingerprint' | 'stageOf'>;
  readonly providers: Parameters<typeof remoteRecogniserFor>[1]['providers'];
  readonly offline: boolean;
  readonly threads: number;
  /** The folder of a model of the store, fetched if need be. */
  ensure(model: string, signal: AbortSignal): Promise<string>;
  model(id: string, signal: AbortSignal): Promise<LanguageModel>;
}

export interface Perceivers
  extends Pick<
    Parts,
    'detector' | 'recogniser' | 'checkRecogniser' | 'identifier' | 'diariser' | 'reader' | 'describer' | 'fingerprint'
  > {
  close(): Promise<void>;
}

/** Callers choose names of recognisers, so only so many of them are remembered. */
const MOST_FINGERPRINTS = 100;

/** Everything that turns media into text, each made once, when first needed. */
export function perceivers({ hear }: Pick<Config, 'hear'>, options: PerceiverOptions): Perceivers {
  const { store, ensure, providers, offline, threads, maxWaiting } = options;
  const line = { maxWaiting };
  const [voiceDetector] = VOICE_DETECTORS;
  const detector = lazy<VoiceDetector>(async (signal) =>
    voiceDetector.create(await ensure(voiceDetector.model, signal), line),
  );
  // A model the user added from the hub is heard with by its own name. All that can be added so far is Whisper.
  const isAdded = (id: string) => !isRecogniser(id) && store.stageOf(id) === 'hear';
  const recognisers = pool<Recogniser>(async (id, signal) => {
    if (isRemoteRecogniser(id)) return remoteRecogniserFor(id, { providers, offline });
    if (isAdded(id)) return recogniserIn(`whisper:${await ensure(id, signal)}`, { threads, ...line, id });
    return recogniserFor(id, { modelDir: (model) => ensure(model, signal), threads, ...line });
  });
  const readers = pool<Reader>((id, signal) =>
    readerFor(id, { modelDir: (model) => ensure(model, signal), threads, ...line }),
  );
  const diarisers = pool<Diariser>((id) => diariserFor(id, line));
  const describers = pool((id, signal) =>
    describerFor(id, { model: () => options.model(id, signal), threads, ...line }),
  );

  const fingerprints = new LRUCache<string, string>({ max: MOST_FINGERPRINTS });
  function fingerprintOf(id: string): string {
    const entry = [...RECOGNISERS, ...READERS].find((known) => known.id === id);
    const model = entry?.model ?? (isAdded(id) ? id : undefined);
    return [id, version(), model === undefined ? '' : store.fingerprint(model)].join(' ');
  }

  return {
    detector: detector.get,
    recogniser: recognisers.get,
    checkRecogniser(id) {
      if (!isRemoteRecogniser(id) && !isAdded(id)) checkRecogniser(id);
    },
    // The one that hears anyway, or one that is here: nothing is fetched only to tell a language.
    async identifier(signal) {
      const installed = new Set((await store.list()).filter((model) => model.installed).map(({ id }) => id));
      const able = RECOGNISERS.filter(({ identifies }) => identifies);
      const chosen = able.find(({ id }) => id === hear.model) ?? able.find(({ model }) => installed.has(model));
      return chosen ? ((await recognisers.get(chosen.id, signal)).identifier ?? null) : null;
    },
    diariser: diarisers.get,
    reader: readers.get,
    describer: describers.get,
    // Asked for every medium, and the same as long as this process lives.
    fingerprint(id) {
      const known = fingerprints.get(id) ?? fingerprintOf(id);
      fingerprints.set(id, known);
      return known;
    },
    async close() {
      const pools = [recognisers, readers, diarisers, describers].map((one) => one.close());
      await Promise.allSettled([detector.made?.then((made) => made.close()), ...pools]);
    },
  };
}
