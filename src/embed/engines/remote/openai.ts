import { addressBelow } from '#upstream/request.ts';
import { type EmbeddingWire, openAiList } from './wire.ts';

/** OpenAI’s own models and how long their vectors are (platform.openai.com/docs/guides/embeddings). */
const KNOWN: ReadonlyMap<string, number> = new Map([
  ['text-embedding-3-small', 1536],
  ['text-embedding-3-large', 3072],
  ['text-embedding-ada-002', 1536],
]);

/**
 * `POST /embeddings` with texts: OpenAI, and whoever offers the same (vLLM, Ollama, llama-server, Mistral, SiliconFlow,
 * Xinference). The API takes 2048 texts and 300,000 tokens at once; 64 paragraphs stay below every such limit we know.
 */
export const openAiWire: EmbeddingWire = {
  about: 'any server with OpenAI’s embeddings',
  takes: () => ['text'],
  most: () => 64,
  dimensions: (model) => KNOWN.get(model) ?? null,
  request: ({ model, baseUrl, items }) => ({
    url: addressBelow(baseUrl, 'embeddings'),
    body: {
      model,
      input: items.flatMap((item) => (item.kind === 'text' ? [item.text] : [])),
      encoding_format: 'float',
    },
  }),
  read: openAiList,
};
