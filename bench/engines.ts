import { join } from 'node:path';
import { languageModelFor, parseModelId } from '#ask/index.ts';
import type { LoadedConfig } from '#config/index.ts';
import type { LanguageModel, ModelStore, Recogniser, SpeechEngine } from '#contract/ports.ts';
import { recogniserFor } from '#perceive/index.ts';
import { VOICE_DETECTORS, type VoiceDetector } from '#probe/index.ts';
import { kokoroEngine } from '#speak/index.ts';

/** Opens our engines one by one, each in a process of its own that starts with its first use. Whoever opens one closes it. */
export interface Engines {
  detector(): Promise<VoiceDetector>;
  recogniser(model: string): Promise<Recogniser>;
  model(): Promise<LanguageModel>;
  speech(): Promise<SpeechEngine>;
}

/** The engines of the configuration, with as many threads each as the peer has. */
export function prepareEngines(
  { config }: LoadedConfig,
  store: ModelStore,
  threads: number,
  signal: AbortSignal,
): Engines {
  const folder = (model: string) => store.ensure(model, { signal });
  const [detector] = VOICE_DETECTORS;
  return {
    detector: async () => detector.create(await folder(detector.model)),
    recogniser: async (model) => recogniserFor(model, { modelDir: folder, threads }),
    async model() {
      const modelDir = (await ggufOf(config, store, signal)) ?? undefined;
      return languageModelFor(config.ask.model, { modelDir, providers: config.providers, threads });
    },
    speech: async () =>
      kokoroEngine({
        modelDir: await folder('kokoro-82m'),
        lexiconDir: await folder('english-lexicon'),
        g2pDir: await folder('english-g2p'),
        threads,
      }),
  };
}

/** The weights of the configured language model, or `null` where it runs behind an API. */
export async function ggufOf(
  { ask, providers }: LoadedConfig['config'],
  store: ModelStore,
  signal: AbortSignal,
): Promise<string | null> {
  const named = parseModelId(ask.model, Object.keys(providers));
  if (named.kind === 'api') return null;
  return named.kind === 'file'
    ? named.path
    : join(await store.ensure(named.model.storeId, { signal }), named.model.file);
}
