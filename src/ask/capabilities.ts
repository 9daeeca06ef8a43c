import type { CapabilityField, Evidence, Known, ModelCapabilities } from '#contract/capabilities.ts';
import type { MediaKind } from '#contract/media.ts';
import type { Endpoint, Provider } from '#upstream/endpoint.ts';
import type { ModelFacts } from '#vendors/index.ts';

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

/** Capabilities with facts put before what was known; what the facts leave out stays, with whoever said it. */
export function withFacts(known: ModelCapabilities, facts: ModelFacts, { source, date }: Evidence): ModelCapabilities {
  const { input, output, limits, rules, takes, prices: _, ...rest } = facts;
  const said: CapabilityField[] = [
    ...(input ? KINDS.map((kind) => `input.${kind}` as const) : []),
    ...(Object.keys(takes ?? {}) as MediaKind[]).map((kind) => `input.${kind}` as const),
    ...(output ? OUTPUTS.map((kind) => `output.${kind}` as const) : []),
    ...Object.keys(limits ?? {}).map((kind) => `limits.${kind as MediaKind}` as const),
    ...Object.keys(rules ?? {}).map((rule) => `rules.${rule}` as CapabilityField),
    ...(Object.keys(rest) as (keyof typeof rest)[]).filter((name) => rest[name] !== undefined),
  ];
  const isFirst = known.source === UNKNOWN_CAPABILITIES.source;
  const evidence = Object.fromEntries(said.map((field) => [field, { source, date }]));
  return {
    input: { ...(input ? listed(KINDS, input) : known.input), ...takes },
    output: output ? listed(OUTPUTS, output) : known.output,
    embeddings: rest.embeddings ?? known.embeddings,
    contextTokens: rest.contextTokens ?? known.contextTokens,
    languages: rest.languages ?? known.languages,
    ...(limits || known.limits ? { limits: { ...known.limits, ...limits } } : {}),
    ...(rules || known.rules ? { rules: { ...known.rules, ...rules } } : {}),
    source,
    date,
    // What the first to speak leaves out nobody has said.
    ...(isFirst
      ? {}
      : { source: known.source, date: known.date ?? null, evidence: { ...known.evidence, ...evidence } }),
  };
}

function listed<K extends string>(kinds: readonly K[], list: readonly K[]): Record<K, Known> {
  return Object.fromEntries(kinds.map((kind) => [kind, list.includes(kind)])) as Record<K, Known>;
}

/** What a model behind an API can do: as the user says, else as was found out, else as its vendor says, else nobody knows. */
export function remoteCapabilities(
  { vendor }: Endpoint,
  provider: Provider | undefined,
  model: string,
): ModelCapabilities {
  const row = vendor?.models.find(({ names }) => names.test(model));
  const known = row ? withFacts(UNKNOWN_CAPABILITIES, row.facts, row) : UNKNOWN_CAPABILITIES;
  const seen = own(provider?.found, model);
  const tried = seen ? withFacts(known, seen.facts, seen.evidence) : known;
  const facts = own(provider?.models, model);
  return facts ? withFacts(tried, facts, { source: 'configuration', date: null }) : tried;
}

function own<T>(table: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return table && Object.hasOwn(table, name) ? table[name] : undefined;
}
