import { isSensoriumError } from '#contract/error.ts';
import type { Pixels } from '#contract/media.ts';
import type { CallContext, Reader, ReadText } from '#contract/ports.ts';
import type { PdfFile } from '#runtime/pdf/open.ts';

/** Scans are mostly made at 200 to 300 dots per inch; readers want letters of some 30 pixels. */
export const SCAN_SIZE = { dpi: 200, maxSidePx: 4_000 } as const;

/** What came of reading a page as a picture: its text, or why there is none. */
export type Look =
  | { readonly read: ReadText; readonly why: null }
  | { readonly read: null; readonly why: string; readonly blank: boolean };

/** Paints a page and has it read. What the reader notes says which page it was. */
export async function lookAt(
  file: PdfFile,
  number: number,
  { part, reader }: { readonly part: string; readonly reader: Reader | null },
  context: CallContext,
): Promise<Look> {
  if (!reader) return { read: null, why: 'nothing here reads pictures', blank: false };
  const pixels = await file.picture(number, SCAN_SIZE, context.signal);
  if (isBlank(pixels)) return { read: null, why: 'its picture is blank', blank: true };
  try {
    const note: CallContext['note'] = (loss) => context.note({ ...loss, message: `Page ${number}: ${loss.message}` });
    const read = await reader.read({ part, pixels }, { signal: context.signal, note });
    return read.text.trim() === ''
      ? { read: null, why: `${reader.id} found no writing in its picture`, blank: false }
      : { read, why: null };
  } catch (error) {
    // What stands in the way of one page need not stand in the way of the next.
    if (!isSensoriumError(error) || !error.code.startsWith('see.')) throw error;
    return { read: null, why: `${reader.id} could not read its picture: ${error.message}`, blank: false };
  }
}

/** Paper as a scanner sees it varies by less than this, from 0 to 255. */
const PAPER_DEVIATION = 3;
const LOOKED_AT = 20_000;

function isBlank({ rgb }: Pixels): boolean {
  const step = 3 * Math.max(1, Math.floor(rgb.length / 3 / LOOKED_AT));
  let [count, sum, squares] = [0, 0, 0];
  for (let at = 1; at < rgb.length; at += step) {
    const green = rgb[at] ?? 0;
    count += 1;
    sum += green;
    squares += green * green;
  }
  return count === 0 || Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2)) < PAPER_DEVIATION;
}

/** How much two readings have in common, 0 to 1: pairs of neighbouring letters and digits both have, of all (Dice). */
export function agreement(one: string, other: string): number {
  const [a, b] = [pairsOf(one), pairsOf(other)];
  let both = 0;
  let all = 0;
  for (const [pair, count] of a) both += Math.min(count, b.get(pair) ?? 0);
  for (const count of [...a.values(), ...b.values()]) all += count;
  return all === 0 ? 1 : (2 * both) / all;
}

function pairsOf(text: string): Map<string, number> {
  const letters = [
    ...text
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]/gu, ''),
  ];
  const pairs = new Map<string, number>();
  for (let at = 1; at < letters.length; at += 1) {
    const pair = `${letters[at - 1]}${letters[at]}`;
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return pairs;
}
