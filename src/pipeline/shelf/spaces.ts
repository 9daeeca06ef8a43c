import type { Embedder, MediaEmbedder } from '#contract/ports.ts';
import type { Space } from '#contract/vector-store.ts';
import { spaceOf } from '#store/index.ts';
import type { MediaEmbedders } from '../embedders.ts';

/** A space together with who makes vectors for it: of texts alone, or of texts and pictures, or of texts and sounds. */
export type OpenSpace =
  | { readonly kind: 'text'; readonly space: Space; readonly embedder: Embedder }
  | {
      readonly kind: 'media';
      readonly space: Space;
      readonly embedder: MediaEmbedder;
      readonly takes: ReadonlySet<'image' | 'audio'>;
    };

/** The space of a text embedder. */
export function textSpaceOf(embedder: Embedder): OpenSpace {
  const { dimensions, weightsSha256 = null, preprocessing = '' } = embedder.capabilities;
  const identity = { embedder: embedder.id, weightsSha256, dimensions, preprocessing };
  return { kind: 'text', embedder, space: spaceOf({ ...identity, takes: ['text'] }) };
}

/** The space of an embedder of pictures or sounds; only what it was set up for is put into it. */
export function mediaSpaceOf(embedder: MediaEmbedder, use: readonly ('image' | 'audio')[]): OpenSpace {
  const { dimensions, weightsSha256, preprocessing, takes } = embedder.capabilities;
  const identity = { embedder: embedder.id, weightsSha256, dimensions, preprocessing };
  const used = new Set(use.filter((kind) => takes.includes(kind)));
  return { kind: 'media', embedder, takes: used, space: spaceOf({ ...identity, takes: [...takes] }) };
}

/** The spaces of what is set up for pictures and for sounds; one where one embedder takes both. */
export async function mediaSpaces({ ids, open }: MediaEmbedders, signal: AbortSignal): Promise<OpenSpace[]> {
  const uses = new Map<string, ('image' | 'audio')[]>();
  for (const kind of ['image', 'audio'] as const) {
    const id = ids[kind];
    if (id !== null) uses.set(id, [...(uses.get(id) ?? []), kind]);
  }
  const spaces: OpenSpace[] = [];
  for (const [id, use] of uses) spaces.push(mediaSpaceOf(await open(id, signal), use));
  return spaces;
}
