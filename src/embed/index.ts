export { type Embedded, type EmbedRequest, embed } from './embed.ts';
export { type Embeddable, type EmbedMediaRequest, embedMedia } from './embed-media.ts';
export { EMBEDDERS, type EmbedderEntry, embedderEntry } from './engines/index.ts';
export { checkEmbedder, isMediaEmbedder, type OpenEmbedderOptions, openEmbedder, openMediaEmbedder } from './open.ts';
export { shortened, toBase64 } from './vector.ts';
