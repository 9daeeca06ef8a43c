import type { ComponentInput, EmbeddingComponent, VectorModel } from '#contract/ports.ts';
import { ownTableManifest, wordsOf } from './identity.ts';
import { MARKER_KINDS, type MarkerKind, meanRow, written } from './markers.ts';
import { type Stretch, stretchesOf } from './spoken.ts';
import { type OwnSpace, ownSpace, promptVectors, unusable } from './vectors.ts';

/**
 * What was perceived as rows of the model's own table, a row a token, and how it was said as a vector each: a mean of own rows.
 * `wanted` says which markers; without any it tells what the text route tells.
 */
export async function ownTable(
  model: VectorModel,
  wanted: ReadonlySet<MarkerKind>,
  signal: AbortSignal,
): Promise<EmbeddingComponent> {
  const id = idOf(wanted);
  const space = await ownSpace(model, id, signal);
  const marked = new Map<string, Float32Array>();
  return {
    manifest: ownTableManifest(id, 'own-table', ['audio', 'image', 'video', 'document', 'text'], space.fingerprint),
    embed: async (input, context) => {
      const stretches = stretchesIn(input, id, wanted);
      const pieces: Float32Array[] = [];
      for (const stretch of stretches) pieces.push(await rowsOf(stretch, space, marked, context.signal));
      return promptVectors({
        ...{ part: input.part, width: space.fingerprint.width, values: joined(pieces) },
        surrogate: stretches.map((one) => ('text' in one ? one.text : written(one.marker))).join(''),
        component: id,
      });
    },
    close: async () => {},
  };
}

/** `own-table`, `own-table:none`, `own-table:pause,emotion`: which markers a reference asks for. */
export function markersOf(reference: string): ReadonlySet<MarkerKind> {
  const named = reference.slice('own-table'.length).replace(/^:/, '');
  if (named === '') return new Set(MARKER_KINDS);
  if (named === 'none') return new Set();
  const wanted = named.split(',');
  const unknown = wanted.find((one) => !MARKER_KINDS.some((kind) => kind === one));
  if (unknown !== undefined)
    throw unusable(reference, `there is no marker ${unknown}.`, `Name some of ${MARKER_KINDS.join(', ')}, or none.`);
  return new Set(MARKER_KINDS.filter((kind) => wanted.includes(kind)));
}

function idOf(wanted: ReadonlySet<MarkerKind>): string {
  if (wanted.size === MARKER_KINDS.length) return 'own-table';
  return `own-table:${MARKER_KINDS.filter((kind) => wanted.has(kind)).join(',') || 'none'}`;
}

function stretchesIn(input: ComponentInput, id: string, wanted: ReadonlySet<MarkerKind>): readonly Stretch[] {
  const words = wordsOf(input, id);
  return input.perception === null ? [{ text: words }] : stretchesOf(input.perception, wanted);
}

async function rowsOf(
  stretch: Stretch,
  space: OwnSpace,
  marked: Map<string, Float32Array>,
  signal: AbortSignal,
): Promise<Float32Array> {
  if ('text' in stretch) return space.rows(await space.tokenize(stretch.text, signal), signal);
  const { words } = stretch.marker;
  const known = marked.get(words);
  if (known) return known;
  const mean = meanRow(await space.rows(await space.tokenize(words, signal), signal), space.fingerprint.width);
  // Speakers are numbered by whoever told them apart, so the words are few; a bound all the same.
  if (marked.size < 1000) marked.set(words, mean);
  return mean;
}

/** Rows one after the other. */
export function joined(pieces: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
