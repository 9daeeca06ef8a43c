import { join } from 'node:path';
import { parseModelId } from '#ask/index.ts';
import type { Config } from '#config/index.ts';
import { isSensoriumError } from '#contract/error.ts';
import { loadProfile } from '#ledger/index.ts';
import { type GlossData, openGlossData } from '#mend/index.ts';
import type { LocalModelStore } from '#models/index.ts';
import { type ModelTokens, openTokens } from '#tokens/index.ts';
import { type Dictionary, type EnglishSounds, openDictionary, openEnglishSounds } from '#words/index.ts';
import { lazy } from './lazy.ts';
import { termsIn } from './mend-wishes.ts';
import type { Parts } from './parts.ts';

interface Sources {
  readonly config: Config;
  readonly home: string;
  readonly store: Pick<LocalModelStore, 'list'>;
  /** The folder of a model of the store, fetched if need be. */
  ensure(model: string, signal: AbortSignal): Promise<string>;
}

/** What is known of words and of the models that read them, each opened once, when a request first needs it. */
export function knowledge({
  config,
  home,
  store,
  ensure,
}: Sources): Pick<Parts, 'dictionary' | 'englishSounds' | 'tokens' | 'profile' | 'terms' | 'glosses'> {
  const words = lazy<Dictionary>(async (signal) => openDictionary(await ensure('chinese-words', signal)));
  const english = lazy<EnglishSounds>(async (signal) => openEnglishSounds(await ensure('english-words', signal)));
  const terms = lazy(async () => (config.mend.glossary === null ? [] : termsIn(config.mend.glossary)));
  const components = lazy<GlossData>(async (signal) => openGlossData(await ensure('han-components', signal)));
  const isHere = async (model: string) => (await store.list()).some(({ id, installed }) => id === model && installed);
  const known = new Map<string, ReturnType<typeof lazy<ModelTokens>>>();

  /** Where a model's vocabulary can be read; `null` where nobody has said. */
  async function vocabularyOf(id: string, signal: AbortSignal): Promise<string | null> {
    const model = parseModelId(id, Object.keys(config.providers));
    if (model.kind === 'file') return model.path;
    if (model.kind === 'local') return join(await ensure(model.model.storeId, signal), model.model.file);
    const facts = config.providers[model.provider]?.models;
    return facts && Object.hasOwn(facts, model.model) ? (facts[model.model]?.tokenizer ?? null) : null;
  }

  // Whoever named a profile wants to know when it cannot be read.
  const profile = lazy(async () => (config.ledger.profile === null ? null : loadProfile(config.ledger.profile)));
  const dictionary = notAgainAtOnce(words.get);

  return {
    dictionary,
    profile: (signal) => profile.get(signal),
    terms: (signal) => terms.get(signal),
    // Without the list of components a gloss still tells sound and meaning.
    glosses: async (signal) => (await orNull(() => components.get(signal), signal)) ?? openGlossData(null),
    // It tells little (0.04 bits a word), so nobody waits for it to be fetched.
    englishSounds: (signal) =>
      orNull(async () => ((await isHere('english-words')) ? english.get(signal) : null), signal),
    tokens: (id, signal) =>
      orNull(async () => {
        const file = await vocabularyOf(id, signal);
        if (file === null) return null;
        const opening =
          known.get(file) ?? lazy((stop) => openTokens(file, stop, { cacheFolder: join(home, 'tokens') }));
        known.set(file, opening);
        return opening.get(signal);
      }, signal),
  };
}

/** After a failure nothing is tried again for so long: a registry that cannot be reached must not slow every request. */
const REST_MS = 600_000;

function notAgainAtOnce<T>(open: (signal: AbortSignal) => Promise<T>): (signal: AbortSignal) => Promise<T | null> {
  let failedMs = Number.NEGATIVE_INFINITY;
  return async (signal) => {
    if (performance.now() - failedMs < REST_MS) return null;
    const opened = await orNull(() => open(signal), signal);
    if (opened === null) failedMs = performance.now();
    return opened;
  };
}

/** What cannot be had stays unmeasured in the ledger; it is no reason to fail a request. */
async function orNull<T>(open: () => Promise<T | null>, signal: AbortSignal): Promise<T | null> {
  try {
    return await open();
  } catch (error) {
    if (signal.aborted || !isSensoriumError(error)) throw error;
    return null;
  }
}
