import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KindLimits } from '#contract/capabilities.ts';
import { lossOf } from '#contract/loss.ts';
import type { MediaPart } from '#contract/media.ts';
import { temporaryFolder } from '#kit/temporary.ts';
import { renderPages } from '#runtime/pdf/render.ts';
import { encodeJpeg, encodePng } from '#runtime/pixels/shape.ts';
import { type Accepts, madeForms } from '../forms.ts';
import { madePart } from '../made.ts';
import { fitPicture } from '../picture/fit.ts';
import type { FitContext } from '../tools.ts';
import { cannotFit } from '../words.ts';

/** A4 at about 170 dots per inch: small print can be read, and most models look no closer. */
const PAGE_SIDE_PX = 2_000;
const QUALITY = 90;

/** A page of a document as a picture. */
export interface PagePicture {
  readonly part: MediaPart;
  readonly number: number;
}

/** Whether pages of a document can be handed over as pictures; else why not, as a clause that completes "…, but …". */
export function canMakePages({ media }: MediaPart, accepts: Accepts): true | string {
  if (media.kind !== 'document' || media.mimeType !== 'application/pdf')
    return 'only pages of PDF become pictures here';
  return madeForms('image', undefined, accepts).length > 0 || 'its pages in no form that can be made here';
}

/**
 * The first pages of a PDF for a model that takes pictures and no documents, at most `maxPages`, each within `limits` (a
 * picture's). Pages left out are noted, and writing that the file brings no shapes for. Throws `native.cannot-fit`, `read.*`.
 */
export async function pagesOf(
  part: MediaPart,
  options: {
    readonly maxPages: number;
    readonly limits: KindLimits | undefined;
    readonly accepts?: Accepts | undefined;
  },
  context: FitContext,
): Promise<readonly PagePicture[]> {
  const { maxPages, limits, accepts = () => true } = options;
  const [form] = madeForms('image', limits, accepts).filter((one) => one === 'image/png' || one === 'image/jpeg');
  if (form === undefined) {
    throw cannotFit(part, 'it takes pictures in no form that can be made here', 'Choose a model that takes documents.');
  }
  const pages = Array.from({ length: maxPages }, (_, index) => index + 1);
  const maxSidePx = Math.min(PAGE_SIDE_PX, limits?.maxSidePx ?? PAGE_SIDE_PX);
  const made: PagePicture[] = [];
  let total = 0;
  const silent = { ...context, note: () => {} };
  const { path: folder, close } = await temporaryFolder();
  try {
    for await (const page of renderPages(part, { pages, maxSidePx, signal: context.signal })) {
      total = page.total;
      const path = join(folder, `page-${page.number}`);
      const { pixels } = page;
      await writeFile(path, form === 'image/png' ? await encodePng(pixels) : await encodeJpeg(pixels, QUALITY));
      const picture = await madePart(part, path, { kind: 'image', mimeType: form }, { index: page.number });
      const fitted = await fitPicture(picture, limits, accepts, silent);
      if (fitted !== picture) await picture.close();
      made.push({ part: fitted, number: page.number });
      if (page.shapeless > 0) noteShapeless(part, page.number, page.shapeless, context);
    }
  } catch (error) {
    for (const page of made) await page.part.close();
    throw error;
  } finally {
    await close();
  }
  if (made.length === 0) throw cannotFit(part, 'it has no pages', 'Check that it opens elsewhere.');
  if (made.length < total) notePagesLeftOut(part, made.length, total, context);
  return made;
}

function noteShapeless({ media }: MediaPart, page: number, count: number, { note }: FitContext): void {
  note(
    lossOf({
      kind: 'page-unread',
      stage: 'native',
      part: media.part,
      extent: count,
      unit: 'characters',
      message: `The file brings no shapes for ${count} characters of page ${page}: they are not in its picture.`,
    }),
  );
}

function notePagesLeftOut({ media }: MediaPart, shown: number, total: number, { note }: FitContext): void {
  note(
    lossOf({
      kind: 'truncated',
      stage: 'native',
      part: media.part,
      extent: total - shown,
      unit: 'pages',
      message: `The model is shown ${shown} of ${total} pages: it takes no more pictures at once.`,
      action: 'the first pages were handed over',
      before: `${media.mimeType}, ${total} pages`,
      after: `${shown} pictures`,
    }),
  );
}
