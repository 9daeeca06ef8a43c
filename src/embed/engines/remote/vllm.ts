import { addressBelow } from '#upstream/request.ts';
import { openAiWire } from './openai.ts';
import { dataUrl, type EmbeddingWire, type Item } from './wire.ts';

/**
 * vLLM’s pooling models. Media go as chat `messages` in place of `input`, one conversation in a request; texts beside them do so too, so
 * that the model’s chat template stands around both. A model that is opened for texts alone is asked as OpenAI’s are. Sources: vLLM’s
 * “Pooling models” page, `openai_chat_embedding_client_for_multimodal.py`, `EmbeddingChatRequest` in `pooling/embed/protocol.py`.
 */
export const vllmWire: EmbeddingWire = {
  ...openAiWire,
  about: 'vLLM’s pooling models',
  // Its name does not tell what a model takes: whoever opens it for media says so, and the server refuses what it cannot take.
  takes: () => ['text', 'image', 'audio'],
  most: (_, __, forMedia) => (forMedia ? 1 : 64),
  dimensions: () => null,
  request(asking) {
    const { model, baseUrl, items, forMedia } = asking;
    if (!forMedia) return openAiWire.request(asking);
    return {
      url: addressBelow(baseUrl, 'embeddings'),
      body: { model, messages: [{ role: 'user', content: items.map(partOf) }], encoding_format: 'float' },
    };
  },
};

function partOf(item: Item): object {
  if (item.kind === 'text') return { type: 'text', text: item.text };
  if (item.kind === 'image') return { type: 'image_url', image_url: { url: dataUrl('image/jpeg', item.jpeg) } };
  return { type: 'input_audio', input_audio: { data: Buffer.from(item.wav).toString('base64'), format: 'wav' } };
}
