import { isSensoriumError } from '#contract/error.ts';
import { lossOf } from '#contract/loss.ts';
import type { Pixels } from '#contract/media.ts';
import type { Description } from '#contract/perception.ts';
import type { CallContext, Describer, ReadText } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { loadSimplified } from '#words/index.ts';
import { type CrossChecked, crossCheck } from './describers/check/cross-check.ts';

/** A picture to describe. `read` is what `reader` read in it, `null` when nobody did. */
export interface Describing {
  readonly part: string;
  readonly pixels: Pixels;
  readonly language: 'en' | 'zh';
  readonly read: ReadText | null;
  readonly reader: string | null;
  /** One of many pictures: where nobody can describe it, that is noted, and the others go on. */
  readonly oneOfMany: boolean;
}

/**
 * Has somebody say what a picture shows, and compares it with what was read and found there: what it omits is listed, what it quotes
 * and nobody read is noted. `null` when one of many pictures could not be described.
 */
export async function descriptionOf(
  { part, pixels, language, read, reader, oneOfMany }: Describing,
  describer: Describer,
  context: CallContext,
): Promise<Description | null> {
  const { id } = describer;
  try {
    const { text, objects = [] } = await describer.describe({ part, pixels, language, written: read?.text }, context);
    const lines = read?.lines ?? null;
    const simplify = await simplifier([text, ...(lines ?? []).map((line) => line.text)]);
    const { omits, unread } = crossCheck({ text, lines, objects, language, size: pixels, simplify });
    for (const one of unread) noteUnread(one, { part, id, reader }, context);
    return { text, engine: id, omits: [...omits] };
  } catch (error) {
    throwIfCancelled(context.signal);
    if (!oneOfMany || !isSensoriumError(error) || error.code === 'kit.cancelled') throw error;
    context.note(
      lossOf({
        kind: 'not-described',
        stage: 'perceive',
        part,
        engine: id,
        message: `${id} did not describe it: ${error.message}`,
        action: error.hint || null,
      }),
    );
    return null;
  }
}

function noteUnread(
  { quoted, nearest }: CrossChecked['unread'][number],
  { part, id, reader }: { readonly part: string; readonly id: string; readonly reader: string | null },
  context: CallContext,
): void {
  const instead = nearest === null ? 'read nothing like it' : `read “${nearest}”`;
  context.note(
    lossOf({
      kind: 'readers-disagree',
      stage: 'perceive',
      part,
      engine: [id, reader].filter((one) => one !== null).join(' + '),
      text: quoted,
      certainty: 'estimated',
      message: `${id} quotes “${quoted}” from the picture; ${reader ?? 'the reader'} ${instead}.`,
      action: 'both are kept',
    }),
  );
}

// The dictionary is loaded only where Chinese is compared.
async function simplifier(texts: readonly string[]): Promise<(text: string) => string> {
  if (!texts.some((text) => /\p{Script=Han}/u.test(text))) return (text) => text;
  return loadSimplified();
}
