import { classifyDashScope, nativeRefusal, nativeUrl } from '#upstream/dashscope.ts';
import { openAiWire } from './openai.ts';
import { countOf, dataUrl, type EmbeddingWire } from './wire.ts';

/** Model Studio’s table of multimodal embedding models (read 2026-11-26); the default of those that offer several. */
const KNOWN: ReadonlyMap<string, number> = new Map([
  ['multimodal-embedding-v1', 1024],
  ['tongyi-embedding-vision-plus', 1152],
  ['tongyi-embedding-vision-flash', 768],
  ['qwen3-vl-embedding', 2560],
  ['text-embedding-v4', 1024],
  ['text-embedding-v3', 1024],
]);
const PATH = 'services/embeddings/multimodal-embedding/multimodal-embedding';
/** Rows of `text-embedding-v4` in one request. */
const MOST_TEXTS = 10;
const MOST_PICTURES = 8;

/**
 * Alibaba Model Studio: `contents` of texts and pictures (JPEG as a data URL, at most 3 MB) at the native address, each with a vector of its
 * own; `text-embedding-…` at the compatible one. The `qwen…-vl-embedding` models make one vector of all contents, so they get one at a
 * time. Videos go by address only and are not sent. Source: Model Studio, “Multimodal embedding API details” (2026-02-05).
 */
export const dashScopeWire: EmbeddingWire = {
  about: 'Alibaba Model Studio’s embeddings of texts and pictures',
  takes: (model) => (isMultimodal(model) ? ['text', 'image'] : ['text']),
  most: (model, kind) => (isFused(model) ? 1 : kind === 'image' ? MOST_PICTURES : MOST_TEXTS),
  dimensions: (model) => KNOWN.get(model) ?? null,
  picture: { mostPixels: 4_000_000, mostBytes: 3_000_000 },
  request(asking) {
    const { model, baseUrl, items } = asking;
    if (!isMultimodal(model)) return openAiWire.request(asking);
    const contents = items.flatMap((item): object[] =>
      item.kind === 'text'
        ? [{ text: item.text }]
        : item.kind === 'image'
          ? [{ image: dataUrl('image/jpeg', item.jpeg) }]
          : [],
    );
    return { url: nativeUrl(baseUrl, PATH), body: { model, input: { contents } } };
  },
  read(answer) {
    const { output, usage } = (answer ?? {}) as {
      output?: { embeddings?: unknown };
      usage?: { total_tokens?: unknown; input_tokens?: unknown; image_tokens?: unknown };
    };
    if (!Array.isArray(output?.embeddings)) return openAiWire.read(answer);
    const inputs = countOf(usage?.input_tokens);
    return {
      vectors: output.embeddings.map((entry: { index?: unknown; embedding?: unknown } | null) => ({
        index: typeof entry?.index === 'number' ? entry.index : null,
        vector: entry?.embedding,
      })),
      tokens: countOf(usage?.total_tokens) ?? (inputs === null ? null : inputs + (countOf(usage?.image_tokens) ?? 0)),
    };
  },
  classify: classifyDashScope,
  refusalIn: nativeRefusal,
};

function isMultimodal(model: string): boolean {
  return !model.startsWith('text-embedding');
}

function isFused(model: string): boolean {
  return /^qwen.*-vl-embedding/.test(model);
}
