import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { capabilitiesOf } from '#ask/index.ts';
import type { LoadedConfig } from '#config/index.ts';
import type { ModelCapabilities } from '#contract/capabilities.ts';
import type { DownloadProgress, PipelineEvent } from '#contract/events.ts';
import type { RouteWish } from '#contract/plan.ts';
import type { SpeechEngine, Voice } from '#contract/ports.ts';
import { type LedgerLog, openLedgerLog } from '#ledger/index.ts';
import { createModelStore, type LocalModelStore } from '#models/index.ts';
import { type WorkerState, workerStates } from '#runtime/worker/host.ts';
import { isRemoteVoice, kokoroEngine, listVoices, remoteSpeechFor } from '#speak/index.ts';
import { openVectorStore } from '#store/index.ts';
import { answer, tellAnswer } from './answer.ts';
import type { AnswerRequest } from './answer-request.ts';
import { type Check, examine } from './doctor.ts';
import { embedInputs, type InputsRequest, type Vectors } from './embed.ts';
import { embedders } from './embedders.ts';
import { experience } from './experience.ts';
import { openFoundModels } from './found.ts';
import { knowledge } from './knowledge.ts';
import { languageModels } from './language-models.ts';
import { type Lazy, lazy } from './lazy.ts';
import { mayName } from './may-name.ts';
import { type ModelCard, modelCards } from './model-cards.ts';
import { openInjecting } from './open-injecting.ts';
import type { Parts } from './parts.ts';
import { type HearRequest, type PerceiveRequest, perceiveOne } from './perceive-one.ts';
import { perceivers } from './perceivers.ts';
import { type ModelProbe, PROBED, probeModel } from './probe-model.ts';
import { pricesOf, providersOf, remoteVoices } from './providers.ts';
import { openMemory } from './remember.ts';
import { type SayRequest, say } from './say.ts';
import { engineOf } from './shelf/engine-of.ts';
import { openShelf, type Shelf } from './shelf/shelf.ts';
import { mediaSpaces, textSpaceOf } from './shelf/spaces.ts';
import type { Listener } from './trip.ts';
import { vectorModels } from './vector-models.ts';

/** The whole product as a library: opened once, used for many requests at a time, closed at the end. */
export interface Sensorium {
  answer(request: AnswerRequest, signal?: AbortSignal): AsyncIterable<PipelineEvent>;
  /** The same, each event handed over as it happens. `stop` is the request's own, and may be fired by it too. */
  tell(request: AnswerRequest, listener: Listener, stop: AbortController): Promise<void>;
  /** Hears one recording, or the sound of a video. */
  hear(request: HearRequest, signal?: AbortSignal): AsyncIterable<PipelineEvent>;
  /** Turns one medium into text, by the sense its kind needs or the one asked for. */
  perceive(request: PerceiveRequest, signal?: AbortSignal): AsyncIterable<PipelineEvent>;
  say(request: SayRequest, signal?: AbortSignal): AsyncIterable<PipelineEvent>;
  /** Vectors for texts and media. */
  embed(request: InputsRequest, signal?: AbortSignal): Promise<Vectors>;
  /** Every model a request may name, and what is known of it. */
  modelCards(signal: AbortSignal): Promise<readonly ModelCard[]>;
  /** What is known of a language model, field by field with who says so; asks nobody. Throws `ask.unknown-model`. */
  capabilities(model: string): ModelCapabilities;
  /** Asks a live model behind an API which media it takes, and remembers the outcome. */
  probe(model: string, signal: AbortSignal): Promise<ModelProbe>;
  voices(): readonly Voice[];
  doctor(): Promise<readonly Check[]>;
  /** What each model process is doing. */
  processes(): readonly WorkerState[];
  /** Vector stores with their files. */
  readonly shelf: Shelf;
  readonly models: LocalModelStore;
  readonly onDownload: (progress: DownloadProgress) => void;
  /** Ends every model process. */
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Told about every model file that has to be fetched on the way. */
  readonly onDownload?: (progress: DownloadProgress) => void;
  /** Told of what goes wrong beside the requests: a ledger log that cannot be written. */
  readonly onTrouble?: (message: string) => void;
}

/** Callers choose the names of voices elsewhere, so only so many of them are remembered. */
const MOST_REMOTE_VOICES = 100;

/** Puts the parts together as the configuration says. Nothing is loaded or fetched until a request needs it. */
export function openSensorium(
  loaded: LoadedConfig,
  { onDownload = () => {}, onTrouble = () => {} }: OpenOptions = {},
): Sensorium {
  const { config, home } = loaded;
  const { sources, folder, mirror, huggingfaceEndpoint, huggingfaceToken } = config.models;
  const store = createModelStore({
    home,
    offline: config.offline,
    sources,
    hf: { endpoint: huggingfaceEndpoint, token: huggingfaceToken ?? undefined },
    folder: folder ?? undefined,
    mirror: mirror ?? undefined,
  });
  const threads = config.threads ?? Math.min(4, availableParallelism());
  const ensure = (model: string, signal: AbortSignal) => store.ensure(model, { signal, onProgress: onDownload });

  const { offline } = config;
  const found = openFoundModels(home);
  const { configured, all: providers } = providersOf(config, found);
  const named = mayName(config);
  const line = { maxWaiting: config.server.maxWaiting };
  const models = languageModels(config.ask.model, { providers, threads, offline, ...line }, ensure);
  const perceive = perceivers(config, {
    ...{ store, providers, offline, threads, ensure, model: models.get },
    ...line,
  });
  const { close: closeEmbedders, ...embedding } = embedders(config, {
    store,
    ensure,
    named,
    providers,
    offline,
    threads,
    ...line,
  });
  const forVectors = vectorModels({ config, home, providers, ensure });
  const takingVectors = languageModels(
    config.ask.model,
    { providers, threads, offline, vectors: true, ...line },
    ensure,
  );
  const injecting = openInjecting({
    ...{ settings: config.inject, home, vectorModels: forVectors },
    model: takingVectors.get,
  });
  const remoteSpeech = new LRUCache<string, Lazy<SpeechEngine>>({ max: MOST_REMOTE_VOICES });
  const speechOf = (voice: string) => {
    if (!isRemoteVoice(voice)) return speech;
    const known = remoteSpeech.get(voice) ?? lazy(() => remoteSpeechFor(voice, { providers, offline }));
    remoteSpeech.set(voice, known);
    return known;
  };
  const speech = lazy(async (signal) => {
    const [modelDir, lexiconDir, g2pDir] = await Promise.all([
      ensure(config.speak.model, signal),
      ensure('english-lexicon', signal),
      ensure('english-g2p', signal),
    ]);
    return kokoroEngine({ modelDir, lexiconDir, g2pDir, threads }, line);
  });

  const parts: Parts & { shelf?: Shelf } = {
    taking: {
      limits: {
        maxDurationMs: config.media.maxDurationMinutes * 60_000,
        maxBytes: config.media.maxSizeMb * 2 ** 20,
        maxPixels: config.media.maxMegapixels * 1e6,
        maxPages: config.media.maxPages,
      },
      allowPrivateHosts: config.media.allowPrivateHosts,
      offline: config.offline,
    },
    timeouts: config.timeouts,
    check(model) {
      named(model, 'ask.unknown-model');
      models.check(model);
      parts.checkRecogniser(config.hear.model);
    },
    ...perceive,
    ...knowledge({ config, home, store, ensure }),
    checkRecogniser(id) {
      named(id, 'hear.unknown-engine');
      perceive.checkRecogniser(id);
    },
    modelId: config.ask.model,
    fallbacks: config.ask.fallbacks,
    prices: (model) => pricesOf(model, providers),
    found: {
      remember(model, ...trial) {
        found.remember(model, ...trial);
        models.reopen(model);
      },
    },
    experience: experience(),
    senses: { hear: config.hear, see: config.see, watch: config.watch },
    mend: config.mend,
    ledgerLog: logOf(config.ledger, onTrouble),
    memory: openMemory(config.perceive.remember, join(home, 'perceptions'), config.perceive.rememberMb * 2 ** 20),
    model: models.get,
    injecting,
    ...embedding,
    async speech(voice, signal) {
      named(voice, 'speak.unknown-voice');
      return speechOf(voice).get(signal);
    },
  };

  const shelf = openShelf({
    ...{ home, settings: config.store, parts },
    openEngine: (folder) => openVectorStore(engineOf(config.store, folder)),
    async openSpaces(signal) {
      const text = textSpaceOf(await parts.embedder(parts.embedderId, signal));
      return [text, ...(await mediaSpaces(embedding.mediaEmbedders, signal))];
    },
  });
  parts.shelf = shelf;

  const asConfigured: RouteWish | undefined =
    config.plan.route === 'auto' && config.plan.policy === 'auto' ? undefined : config.plan;
  const wishing = (request: AnswerRequest): AnswerRequest =>
    request.wish || !asConfigured ? request : { ...request, wish: asConfigured };

  return {
    answer: (request, signal) => answer(wishing(request), parts, signal),
    tell: (request, listener, stop) => tellAnswer(wishing(request), parts, listener, stop),
    hear: (request, signal) => perceiveOne({ ...request, sense: 'hear' }, parts, signal),
    perceive: (request, signal) => perceiveOne(request, parts, signal),
    say: (request, signal) => say(request, parts, signal),
    embed: (request, signal) => embedInputs(request, parts, signal),
    modelCards: (signal) => modelCards(store, { ask: config.ask.model }, { providers: configured, offline }, signal),
    capabilities: (model) => capabilitiesOf(model, { providers }),
    probe: (model, signal) => probeModel(model, PROBED, parts, signal),
    voices: () => [...listVoices(), ...remoteVoices(configured)],
    doctor: () => examine(loaded, store),
    processes: workerStates,
    shelf,
    models: store,
    onDownload,
    async close() {
      await shelf.close();
      const spoken = speech.made?.then((made) => made.close());
      await Promise.allSettled([
        models.close(),
        takingVectors.close(),
        injecting.close(),
        forVectors.close(),
        perceive.close(),
        closeEmbedders(),
        spoken,
      ]);
    },
  };
}

function logOf(
  { log, text }: LoadedConfig['config']['ledger'],
  onTrouble: (message: string) => void,
): LedgerLog | null {
  if (log === null) return null;
  return openLedgerLog({
    ...{ path: log, text },
    onTrouble: ({ message }) => onTrouble(`The ledger log ${log} cannot be written: ${message}`),
  });
}
