import { capabilitiesOf, type LanguageModelOptions, listRemoteModels, localModels } from '#ask/index.ts';
import type { Known, ModelCapabilities } from '#contract/capabilities.ts';
import { EMBEDDERS } from '#embed/index.ts';
import type { LocalModelStore } from '#models/index.ts';
import { RECOGNISERS, remoteRecognisersOf } from '#perceive/index.ts';
import { remoteSynthesisersOf, SPEECH_ENGINES } from '#speak/index.ts';
import { vendorNamed } from '#vendors/index.ts';

/** A model that can be named in a request, and what is known of it. */
export interface ModelCard {
  readonly id: string;
  readonly task: 'chat' | 'transcription' | 'speech' | 'embedding';
  readonly input: ModelCapabilities['input'];
  readonly output: Readonly<Record<'text' | 'audio' | 'embedding', Known>>;
  readonly contextTokens: number | null;
  readonly languages: readonly string[] | 'any' | 'unknown';
  /** Where this knowledge comes from. */
  readonly source: string;
  /** `store` for models that run here, else the provider’s name. */
  readonly from: string;
  /** Whether its files are here; `null` for a model that runs elsewhere. */
  readonly installed: boolean | null;
}

const NO_INPUT = { text: false, audio: false, image: false, video: false, document: false } as const;
const NO_OUTPUT = { text: false, audio: false, embedding: false } as const;

/** Every model there is to name: those that run here, and those of the configured providers that say what they have. */
export async function modelCards(
  store: Pick<LocalModelStore, 'list'>,
  configured: { readonly ask: string },
  options: Pick<LanguageModelOptions, 'providers' | 'offline'>,
  signal: AbortSignal,
): Promise<readonly ModelCard[]> {
  const [remote, files] = await Promise.all([
    listRemoteModels(options.providers ?? {}, { signal, offline: options.offline ?? false }),
    store.list(),
  ]);
  const installed = new Map(files.map((model) => [model.id, model.installed]));
  const here = (id: string) => ({ source: 'catalogue', from: 'store', installed: installed.get(id) ?? false });
  const cards: ModelCard[] = [
    ...localModels().map(({ id, storeId, capabilities }) =>
      chatCard(id, capabilities, { from: 'store', installed: installed.get(storeId) ?? false }),
    ),
    ...RECOGNISERS.map(
      ({ id, model, capabilities }): ModelCard => ({
        ...here(model),
        id,
        task: 'transcription',
        input: { ...NO_INPUT, audio: true, video: true },
        output: { ...NO_OUTPUT, text: true },
        contextTokens: null,
        languages: capabilities.languages,
      }),
    ),
    ...SPEECH_ENGINES.map(
      ({ model, languages }): ModelCard => ({
        ...here(model),
        id: model,
        task: 'speech',
        input: { ...NO_INPUT, text: true },
        output: { ...NO_OUTPUT, audio: true },
        contextTokens: null,
        languages,
      }),
    ),
    ...EMBEDDERS.map(
      ({ id, model, capabilities }): ModelCard => ({
        ...here(model),
        id,
        task: 'embedding',
        input: { ...NO_INPUT, text: true },
        output: { ...NO_OUTPUT, embedding: true },
        contextTokens: capabilities.maxTokens,
        languages: capabilities.languages,
      }),
    ),
    ...serversFor(options.providers ?? {}),
    ...remote.models.map(({ id, capabilities }) =>
      chatCard(id, capabilities, { from: id.split(':', 1)[0] ?? '', installed: null }),
    ),
  ];
  if (cards.some(({ id }) => id === configured.ask)) return cards;
  // A file of weights is named by its path; who calls from elsewhere is not told where files lie.
  const isFile = /\.gguf$/i.test(configured.ask);
  const from = isFile ? 'file' : (configured.ask.split(':', 1)[0] ?? '');
  const own = chatCard(isFile ? DEFAULT_ALIAS : configured.ask, capabilitiesOf(configured.ask, options), {
    from,
    installed: isFile ? true : null,
  });
  return [own, ...cards];
}

/** Recognisers and synthesisers on the servers of configured vendors, as far as their names are known. */
function serversFor(providers: NonNullable<LanguageModelOptions['providers']>): ModelCard[] {
  const about = { contextTokens: null, languages: 'unknown', installed: null, source: 'vendor row' } as const;
  return Object.entries(providers).flatMap(([name, { apiKey }]) => {
    if (vendorNamed(name)?.needsKey && !apiKey) return [];
    return [
      ...remoteRecognisersOf(name).map((model): ModelCard => {
        const input = { ...NO_INPUT, audio: true, video: true };
        const id = `${name}:${model}`;
        return { ...about, id, from: name, task: 'transcription', input, output: { ...NO_OUTPUT, text: true } };
      }),
      ...remoteSynthesisersOf(name).map((model): ModelCard => {
        const id = `${name}:${model}`;
        return {
          ...about,
          id,
          from: name,
          task: 'speech',
          input: { ...NO_INPUT, text: true },
          output: { ...NO_OUTPUT, audio: true },
        };
      }),
    ];
  });
}

/** Names the configured language model without saying which it is. */
export const DEFAULT_ALIAS = 'default';

function chatCard(
  id: string,
  capabilities: ModelCapabilities,
  where: Pick<ModelCard, 'from' | 'installed'>,
): ModelCard {
  const { input, output, contextTokens, languages, source } = capabilities;
  return {
    id,
    task: 'chat',
    input,
    output: { ...output, embedding: false },
    contextTokens,
    languages,
    source,
    ...where,
  };
}
