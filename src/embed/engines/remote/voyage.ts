import { addressBelow } from '#upstream/request.ts';
import { dataUrl, type EmbeddingWire, openAiList } from './wire.ts';

const KNOWN: ReadonlyMap<string, number> = new Map([
  ['voyage-multimodal-3', 1024],
  ['voyage-multimodal-3.5', 1024],
]);

/**
 * Voyage AI: `POST /multimodalembeddings` for models of texts and pictures, `POST /embeddings` for the others. `truncation` is off, so
 * that what is too long is refused and not cut. At most 1,000 inputs, 16 million pixels and 20 MB a picture. Source:
 * docs.voyageai.com/reference/multimodal-embeddings-api, and its client’s `MultimodalEmbedRequest`.
 */
export const voyageWire: EmbeddingWire = {
  about: 'Voyage AI’s embeddings of texts and pictures',
  takes: (model) => (isMultimodal(model) ? ['text', 'image'] : ['text']),
  most: (_, kind) => (kind === 'text' ? 64 : 8),
  dimensions: (model) => KNOWN.get(model) ?? null,
  picture: { mostPixels: 16_000_000, mostBytes: 20_000_000 },
  request({ model, baseUrl, items, purpose }) {
    const common = { model, input_type: purpose ?? null, truncation: false };
    if (!isMultimodal(model)) {
      const input = items.flatMap((item) => (item.kind === 'text' ? [item.text] : []));
      return { url: addressBelow(baseUrl, 'embeddings'), body: { ...common, input } };
    }
    const inputs = items.flatMap((item): object[] => {
      if (item.kind === 'text') return [{ content: [{ type: 'text', text: item.text }] }];
      if (item.kind === 'audio') return [];
      return [{ content: [{ type: 'image_base64', image_base64: dataUrl('image/jpeg', item.jpeg) }] }];
    });
    return { url: addressBelow(baseUrl, 'multimodalembeddings'), body: { ...common, inputs } };
  },
  read: openAiList,
};

function isMultimodal(model: string): boolean {
  return model.startsWith('voyage-multimodal');
}
