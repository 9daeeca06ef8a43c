import type { Vendor } from './vendor.ts';

/** A vendor of embedding models, without language models. */
const embeddings = (name: string, title: string, baseUrl: string, apiKey: string): Vendor => ({
  name,
  title,
  baseUrl,
  dialect: null,
  variables: { apiKey },
  needsKey: true,
  maxTokensField: 'max_tokens',
  listsModels: false,
  models: [],
});

/** jina.ai/embeddings and api.jina.ai/redoc. */
export const JINA = embeddings('jina', 'Jina AI', 'https://api.jina.ai/v1', 'JINA_API_KEY');

/** docs.voyageai.com/docs/multimodal-embeddings. */
export const VOYAGE = embeddings('voyage', 'Voyage AI', 'https://api.voyageai.com/v1', 'VOYAGE_API_KEY');
