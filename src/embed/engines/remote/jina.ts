import type { TextPurpose } from '#contract/ports.ts';
import { addressBelow } from '#upstream/request.ts';
import { type EmbeddingWire, openAiList } from './wire.ts';

/** Jina’s model pages: jina-embeddings-v4 makes 2048 numbers, v3 and clip-v2 make 1024. */
const KNOWN: ReadonlyMap<string, number> = new Map([
  ['jina-embeddings-v4', 2048],
  ['jina-embeddings-v3', 1024],
  ['jina-clip-v2', 1024],
]);
const TASKS: Readonly<Record<TextPurpose, string>> = { query: 'retrieval.query', document: 'retrieval.passage' };

/**
 * Jina’s `POST /embeddings`: `input` holds `{text}` and `{image}` (an address or plain base64). `task` tells a query from a document for the
 * models that were trained so; `truncate` stays off, so that a text that is too long is refused and not cut. Source:
 * api.jina.ai/redoc (embeddings), jina.ai/embeddings.
 */
export const jinaWire: EmbeddingWire = {
  about: 'Jina’s embeddings of texts and pictures',
  takes: (model) => (/clip|embeddings-v4|omni/.test(model) ? ['text', 'image'] : ['text']),
  most: (_, kind) => (kind === 'text' ? 64 : 8),
  dimensions: (model) => KNOWN.get(model) ?? null,
  picture: { mostPixels: 4_000_000, mostBytes: 5_000_000 },
  request: ({ model, baseUrl, items, purpose }) => ({
    url: addressBelow(baseUrl, 'embeddings'),
    body: {
      model,
      ...taskFor(model, purpose),
      normalized: true,
      embedding_type: 'float',
      truncate: false,
      input: items.flatMap((item): object[] =>
        item.kind === 'text'
          ? [{ text: item.text }]
          : item.kind === 'image'
            ? [{ image: Buffer.from(item.jpeg).toString('base64') }]
            : [],
      ),
    },
  }),
  read: openAiList,
};

/** jina-clip-v2 knows one task only; the text models have an adapter for each. */
function taskFor(model: string, purpose: TextPurpose | undefined): { readonly task?: string } {
  if (/clip/.test(model)) return purpose === 'query' ? { task: 'retrieval.query' } : {};
  return { task: purpose ? TASKS[purpose] : 'text-matching' };
}
