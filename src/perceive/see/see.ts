import { SensoriumError } from '#contract/error.ts';
import { lossOf } from '#contract/loss.ts';
import type { Pixels } from '#contract/media.ts';
import type { Description, Picture, TextLine } from '#contract/perception.ts';
import type { CallContext, Describer, Reader, ReadText } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { decodePicture } from '#runtime/pixels/picture.ts';
import { descriptionOf } from './description.ts';
import { SAID, type Said } from './words.ts';

/** A picture to see, encoded or decoded. `language` is that of the words added to it. */
export interface Seeing {
  readonly part: string;
  readonly bytes?: Uint8Array | undefined;
  readonly pixels?: Pixels | undefined;
  readonly mimeType: string;
  readonly language?: 'en' | 'zh' | undefined;
  /** `false` leaves the describer unasked. */
  readonly describe?: boolean | undefined;
  /** It is one of a document's or a video's: where the describer fails, that is noted (`not-described`) and nothing else is lost. */
  readonly oneOfMany?: boolean | undefined;
  /** Larger pictures are refused; 100 megapixels where nothing is said. */
  readonly maxPixels?: number | undefined;
}

export interface Eyes {
  readonly reader: Reader | null;
  readonly describer: Describer | null;
}

const MAX_PIXELS = 100_000_000;
/** So many pages, or frames that differ, are looked at. */
const MOST_FRAMES = 16;
const NOTHING_READ: ReadText = { text: '', lines: [] };

/** A frame that was looked at. */
interface Seen {
  readonly number: number;
  readonly written: string;
  readonly lines: readonly TextLine[];
  readonly description: Description | null;
}

/**
 * Turns a picture into text: what is written in it and, with a describer, what it shows. Pages and the frames of an animation that
 * differ are seen one by one. A picture without writing says so. Throws `see.*`, `kit.cancelled` and what the engines throw.
 */
export async function see(seeing: Seeing, { reader, describer }: Eyes, context: CallContext): Promise<Picture> {
  const { part, language = 'en' } = seeing;
  throwIfCancelled(context.signal);
  const picture = await opened(seeing, context.signal);
  const asked = seeing.describe === false ? null : describer;
  const wanted = await picture.wanted(MOST_FRAMES);
  if (wanted.length === MOST_FRAMES && wanted.length < picture.frames)
    noteSampled(part, wanted.length, picture.frames, context);

  const seen: Seen[] = [];
  let size: { readonly widthPx: number; readonly heightPx: number } | undefined;
  for (const frame of wanted) {
    throwIfCancelled(context.signal);
    const pixels = await picture.pixels(frame);
    size ??= pixels;
    const read = reader ? await reader.read({ part, pixels }, context) : null;
    const { text: written, lines } = read ?? NOTHING_READ;
    const oneOfMany = (seeing.oneOfMany ?? false) || wanted.length > 1;
    const describing = { part, pixels, language, read, reader: reader?.id ?? null, oneOfMany };
    const description = asked ? await descriptionOf(describing, asked, context) : null;
    // What stays the same from page to page of an animation need not be told again.
    const repeats = picture.animated && written === seen.at(-1)?.written && description === null;
    if (!repeats) seen.push({ number: frame + 1, written, lines, description });
  }
  const told = tell(
    seen,
    { hasReader: reader !== null, pages: !picture.animated && picture.frames > 1 },
    SAID[language],
  );
  return {
    part,
    kind: 'picture',
    ...told,
    widthPx: size?.widthPx ?? 1,
    heightPx: size?.heightPx ?? 1,
    frames: picture.frames,
    description: joined(seen.flatMap((frame) => frame.description ?? [])),
    engine: [reader?.id, asked?.id].filter((id) => id !== undefined).join(' + ') || 'none',
  };
}

interface Opened {
  readonly frames: number;
  readonly animated: boolean;
  wanted(most: number): Promise<readonly number[]>;
  pixels(frame: number): Promise<Pixels>;
}

async function opened({ bytes, pixels, maxPixels = MAX_PIXELS }: Seeing, signal: AbortSignal): Promise<Opened> {
  if (pixels) return { frames: 1, animated: false, wanted: async () => [0], pixels: async () => pixels };
  if (!bytes) throw new SensoriumError('us.bug', 'A picture came without bytes and without pixels.');
  const picture = await decodePicture(bytes, { maxPixels, signal });
  const first = (most: number) => Array.from({ length: Math.min(most, picture.frames) }, (_, at) => at);
  return {
    frames: picture.frames,
    animated: picture.animated,
    wanted: async (most) => (picture.animated ? picture.distinctFrames(most) : first(most)),
    pixels: (frame) => picture.pixels(frame),
  };
}

// Puts the frames one after the other and lets every line point to its own characters.
function tell(
  seen: readonly Seen[],
  { hasReader, pages }: { readonly hasReader: boolean; readonly pages: boolean },
  said: Said,
): { readonly text: string; readonly lines: TextLine[] } {
  const lines: TextLine[] = [];
  const nothingWritten = hasReader && seen.every((frame) => frame.written === '');
  let text = '';
  const add = (more: string) => {
    text += `${text === '' ? '' : '\n\n'}${more}`;
  };
  for (const { number, written, lines: own, description } of seen) {
    if (seen.length > 1) add(pages ? said.page(number) : said.frame(number));
    if (description) add(said.shows(description.text));
    if (written === '') continue;
    if (description) add(said.written);
    add(written);
    const from = [...text].length - [...written].length;
    lines.push(...own.map((line) => (line.start === null ? line : { ...line, start: line.start + from })));
  }
  if (nothingWritten) add(said.nothingWritten);
  return { text, lines };
}

function joined(descriptions: readonly Description[]): Description | null {
  const [first, ...more] = descriptions;
  if (!first || more.length === 0) return first ?? null;
  return {
    text: descriptions.map(({ text }) => text).join('\n'),
    engine: first.engine,
    omits: [...new Set(descriptions.flatMap(({ omits }) => omits))],
  };
}

function noteSampled(part: string, looked: number, frames: number, context: CallContext): void {
  context.note(
    lossOf({
      kind: 'frames-sampled',
      stage: 'perceive',
      part,
      extent: frames - looked,
      unit: 'frames',
      message: `The picture has ${frames} frames; ${looked} were looked at.`,
      action: 'those that differ most, or the first pages',
    }),
  );
}
