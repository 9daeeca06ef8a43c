import { isSensoriumError, SensoriumError } from '#contract/error.ts';
import type { Page } from '#contract/perception.ts';
import type { CallContext } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { openPdf, type PdfFile } from '#runtime/pdf/open.ts';
import type { PdfPage } from '#runtime/pdf/page.ts';
import type { DocumentEngine, DocumentToRead, ReadOptions } from '../../engine.ts';
import { folded } from './layout/blocks.ts';
import { layOut } from './layout/lay-out.ts';
import { type Row, rowText } from './layout/rows.ts';
import { type PageLoss, pageLosses } from './losses.ts';
import { readPage, type Session } from './read-page.ts';
import { isPageNumber, repeatedRows, surveyedPages, surveyOf } from './survey.ts';

export const ID = 'pdfium';

/** PDF: the text layer in reading order, or what a reader sees on the page, decided page by page. */
export function pdf(open: typeof openPdf = openPdf): DocumentEngine {
  return {
    id: ID,
    mimeTypes: ['application/pdf'],
    async *read(document, options, context) {
      throwIfCancelled(context.signal);
      const file = await open(document.media, context.signal);
      try {
        yield* pagesOf(file, document, options, context);
      } finally {
        await file.close();
      }
    },
  };
}

async function* pagesOf(
  file: PdfFile,
  document: DocumentToRead,
  options: ReadOptions,
  context: CallContext,
): AsyncGenerator<Page> {
  const { part, name } = document;
  const { pages: total, title, outline } = file.facts;
  if (total > options.maxPages) {
    throw new SensoriumError('read.too-large', `${name} has ${total} pages.`, {
      hint: `Cut it into parts: at most ${options.maxPages} pages are read.`,
      details: { pages: total, maxPages: options.maxPages },
    });
  }
  options.onFacts({ format: 'pdf', title, unit: 'page', pages: total });

  const looked: PdfPage[] = [];
  for (const number of surveyedPages(total)) {
    const page = await pageOrWhy(file, number, context.signal);
    if (typeof page !== 'string') looked.push(page);
  }
  const survey = surveyOf(looked);
  const losses = pageLosses(part, ID);
  const told = new Set<string>();
  const session: Session = {
    file,
    part,
    reader: options.reader,
    context,
    losses,
    markdown(page, runs) {
      const entries = outline
        .filter((entry) => entry.page === page.number)
        .map((entry) => [folded(entry.title), entry.level] as const);
      const repeated = (rows: readonly Row[]) => {
        const found = [...repeatedRows(rows, page, survey)].filter((row) => isLeftOut(rowText(row), told));
        for (const row of found) losses.add(page.number, { ...REPEATED, text: rowText(row) });
        return new Set(found);
      };
      return layOut(page, runs, { bodyPt: survey.bodyPt, outline: new Map(entries), repeated });
    },
  };

  for (let number = 1; number <= total; number += 1) {
    throwIfCancelled(context.signal);
    const page = await pageOrWhy(file, number, context.signal);
    if (typeof page !== 'string') {
      yield await readPage(page, session);
      continue;
    }
    losses.add(number, { kind: 'page-unread', what: page, action: 'the page has no text', count: 1, unit: 'pages' });
    yield { number, title: null, text: '', source: 'nothing', reason: page, lines: [], engine: null };
  }
  losses.tell(context.note);
}

const REPEATED: PageLoss = {
  kind: 'layout',
  what: 'a header or footer that most pages repeat was left out',
  action: 'kept where it comes first; numbers of pages are in their headings',
  count: 1,
  unit: 'lines',
};

// Kept once, where it comes first; a page's number is known anyway.
function isLeftOut(text: string, told: Set<string>): boolean {
  const key = text.replaceAll(/\d+/g, '#');
  if (isPageNumber(text) || told.has(key)) return true;
  told.add(key);
  return false;
}

// A page that is damaged or ends its process does not take the others with it, unless there are too many.
async function pageOrWhy(file: PdfFile, number: number, signal: AbortSignal): Promise<PdfPage | string> {
  try {
    return await file.page(number, signal);
  } catch (error) {
    if (!isSensoriumError(error) || error.code !== 'read.broken' || error.details.given === 'up') throw error;
    return 'the page is damaged and cannot be read';
  }
}
