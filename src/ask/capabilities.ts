import type { MediaKind } from '#contract/media.ts';
import type { Known, ModelCapabilities } from '#contract/ports.ts';

/** What somebody knows of a model behind an API. A kind of a list counts as taken, one that is not in it as not taken. */
export interface ModelFacts {
  readonly input?: readonly MediaKind[] | undefined;
  readonly output?: readonly ('text' | 'audio')[] | undefined;
  readonly embeddings?: boolean | undefined;
  readonly contextTokens?: number | undefined;
  readonly languages?: readonly string[] | undefined;
}

/** What is known of a model behind an API until somebody says more. */
export const UNKNOWN_CAPABILITIES: ModelCapabilities = {
  input: { text: true, audio: 'unknown', image: 'unknown', video: 'unknown', document: 'unknown' },
  output: { text: true, audio: 'unknown' },
  embeddings: 'unknown',
  contextTokens: null,
  languages: 'unknown',
  source: 'nobody said',
};

const KINDS = ['text', 'audio', 'image', 'video', 'document'] as const satisfies readonly MediaKind[];
const OUTPUTS = ['text', 'audio'] as const;

/** Capabilities with facts put before what was known; what the facts leave out stays. `source` is who says so. */
export function withFacts(known: ModelCapabilities, facts: ModelFacts, source: string): ModelCapabilities {
  return {
    input: facts.input ? listed(KINDS, facts.input) : known.input,
    output: facts.output ? listed(OUTPUTS, facts.output) : known.output,
    embeddings: facts.embeddings ?? known.embeddings,
    contextTokens: facts.contextTokens ?? known.contextTokens,
    languages: facts.languages ?? known.languages,
    source,
  };
}

function listed<K extends string>(kinds: readonly K[], list: readonly K[]): Record<K, Known> {
  return Object.fromEntries(kinds.map((kind) => [kind, list.includes(kind)])) as Record<K, Known>;
}
