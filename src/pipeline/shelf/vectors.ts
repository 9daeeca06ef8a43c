import { isSensoriumError } from '#contract/error.ts';
import { type Loss, lossOf } from '#contract/loss.ts';
import type { CallContext, Embedder } from '#contract/ports.ts';
import { embed } from '#embed/index.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { halved, type Passage } from './cut.ts';

/** A piece of text and its place in the text space. */
export interface PlacedText {
  readonly passage: Passage;
  readonly vector: Float32Array;
}

/** Texts handed to an embedder at once: a cancelled call waits for one such lot at most. */
const AT_ONCE = 32;

/**
 * Makes a vector of each text. One that its embedder finds too long is cut in two; one with nothing in it that can be embedded is left out,
 * and noted. That an embedder makes little of a language is noted once for all of them.
 */
export async function placeTexts(
  passages: readonly Passage[],
  embedder: Embedder,
  context: CallContext,
  moved: (done: number, total: number) => void = () => {},
): Promise<PlacedText[]> {
  const placed: PlacedText[] = [];
  const waiting = [...passages];
  const unread: Loss[] = [];
  let left = 0;
  const hearing = {
    ...context,
    note: (loss: Loss) => void (loss.kind === 'language-unsupported' ? unread.push(loss) : context.note(loss)),
  };
  while (waiting.length > 0) {
    throwIfCancelled(context.signal);
    const lot = waiting.splice(0, AT_ONCE);
    try {
      const { vectors } = await embed({ texts: lot.map(({ text }) => text), purpose: 'document' }, embedder, hearing);
      for (const [at, vector] of vectors.entries()) placed.push({ passage: lot[at] as Passage, vector });
      moved(placed.length, placed.length + waiting.length);
    } catch (error) {
      const instead = withoutTrouble(lot, error);
      if (instead === null) throw error;
      left += Number(instead.isLeftOut);
      waiting.unshift(...instead.lot);
    }
  }
  const all = placed.length;
  if (left > 0) context.note(nothingToEmbed(left, all + left, embedder.id));
  if (unread.length > 0) context.note(littleUnderstood(unread, all, embedder.id));
  return placed;
}

/** The lot once more, with its piece that made trouble cut or left out; `null` where that would not help. */
function withoutTrouble(
  lot: readonly Passage[],
  error: unknown,
): { readonly lot: readonly Passage[]; readonly isLeftOut: boolean } | null {
  if (!isSensoriumError(error)) return null;
  const at = error.details.text;
  const piece = typeof at === 'number' ? lot[at] : undefined;
  if (typeof at !== 'number' || !piece) return null;
  const halves = error.code === 'embed.too-long' ? halved(piece) : error.code === 'embed.bad-input' ? [] : null;
  if (halves === null) return null;
  return { lot: lot.toSpliced(at, 1, ...halves), isLeftOut: halves.length === 0 };
}

function nothingToEmbed(left: number, all: number, engine: string): Loss {
  return lossOf({
    kind: 'not-retrieved',
    stage: 'embed',
    engine,
    extent: left,
    unit: 'pieces',
    message: `${left} of ${all} pieces hold nothing that ${engine} can make a vector of.`,
    action: 'They will not be found.',
  });
}

function littleUnderstood(losses: readonly Loss[], all: number, engine: string): Loss {
  const share = losses.length / all;
  return lossOf({
    kind: 'language-unsupported',
    stage: 'embed',
    engine,
    extent: share,
    unit: 'share of pieces',
    message: `${engine} can make little of ${losses.length} of ${all} pieces: ${losses[0]?.message ?? ''}`,
    action: 'They are found less well, or not at all. An embedder for their language would find them (embed.model).',
  });
}
