import { isSensoriumError } from '#contract/error.ts';
import type { Page, TextLine } from '#contract/perception.ts';
import type { CallContext, Reader, ReadText } from '#contract/ports.ts';
import type { PdfFile } from '#runtime/pdf/open.ts';
import type { PdfPage, TextRun } from '#runtime/pdf/page.ts';
import { decide, evidenceOf } from './decide.ts';
import { agreement, type Look, lookAt, SCAN_SIZE } from './look.ts';
import type { PageLosses } from './losses.ts';

/** What stays the same from page to page. */
export interface Session {
  readonly file: PdfFile;
  readonly part: string;
  readonly reader: Reader | null;
  readonly context: CallContext;
  readonly losses: PageLosses;
  /** Runs of a page as Markdown. */
  markdown(page: PdfPage, runs: readonly TextRun[]): string;
}

/** Two readings that agree less differ by more than an accent here and there. */
const AGREE = 0.8;
/** A reader that finds less than this share of what a scanner found has missed something. */
const FOUND = 0.5;
/** A picture on a page of text is worth a word from this share of the page on. */
const NOTABLE_PICTURE = 0.02;

/** Reads one page, from wherever its text is best taken. */
export async function readPage(page: PdfPage, session: Session): Promise<Page> {
  const { way, reason } = decide(evidenceOf(page));
  const visible = page.runs.filter((run) => !run.hidden);
  noteOddities(page, session);
  const layer = (runs: readonly TextRun[], why: string) => pageOfLayer(page, runs, why, session);
  switch (way) {
    case 'nothing':
      return { ...blank(page, reason), text: '' };
    case 'layer':
      notePictures(page, session);
      return layer(visible.length > 0 ? visible : page.runs, reason);
    case 'picture': {
      const look = await looked(page, session);
      return look.read ? pageOfPicture(page, look.read, reason, session) : unread(page, look, reason, session);
    }
    case 'picture-or-layer':
      return either(page, reason, session);
    case 'layer-and-picture':
      return both(page, visible, reason, session);
  }
}

function blank({ number }: PdfPage, reason: string): Page {
  return { number, title: null, text: '', source: 'nothing', reason, lines: [], engine: null };
}

function pageOfLayer(page: PdfPage, runs: readonly TextRun[], reason: string, { markdown, losses }: Session): Page {
  const text = markdown(page, runs);
  const unmapped = runs.reduce((sum, run) => sum + run.unmapped, 0);
  if (unmapped > 0) {
    losses.add(page.number, {
      kind: 'doubtful-character',
      what: 'the file does not say which characters some of its shapes are',
      action: 'written as \ufffd',
      count: unmapped,
      unit: 'characters',
    });
  }
  if (text === '') return blank(page, `${reason}, all of them repeated on most pages`);
  return { ...blank(page, reason), text, source: 'text-layer', engine: 'pdfium' };
}

function pageOfPicture(page: PdfPage, read: ReadText, reason: string, { reader }: Session): Page {
  const { text, lines } = trimmed(read);
  return { ...blank(page, reason), text, source: 'ocr', lines: [...lines], engine: reader?.id ?? null };
}

// Nothing came of a page. Where something is to be seen on it, that is a loss.
function unread(page: PdfPage, look: Look & { read: null }, reason: string, { losses }: Session): Page {
  const why = `${reason}; ${look.why}`;
  if (!look.blank) {
    losses.add(page.number, {
      kind: 'page-unread',
      what: `something is to be seen that could not be read, as ${look.why}`,
      action: 'the page has no text',
      count: 1,
      unit: 'pages',
      certainty: 'estimated',
    });
  }
  return blank(page, why);
}

// A scanner's own reading lies beneath the picture: ours is taken if it found as much, and compared.
async function either(page: PdfPage, reason: string, session: Session): Promise<Page> {
  const beneath = page.runs;
  const look = await looked(page, session);
  if (!look.read) return pageOfLayer(page, beneath, `${reason}; ${look.why}`, session);
  const theirs = beneath.map((run) => run.text).join(' ');
  const shared = agreement(theirs, look.read.text);
  if (shared < AGREE) {
    session.losses.add(page.number, {
      kind: 'readers-disagree',
      what: `the scanner's own text and what ${session.reader?.id} reads differ`,
      action: 'the one that found more was taken',
      count: 1,
      unit: 'pages',
    });
  }
  const agreed = `${reason}; both readings agree by ${shared.toFixed(2)}`;
  const less = letters(look.read.text) < FOUND * letters(theirs);
  return less ? pageOfLayer(page, beneath, agreed, session) : pageOfPicture(page, look.read, agreed, session);
}

// Little text and a large picture: what is read in the picture and is not in the text layer already is put after it.
async function both(page: PdfPage, visible: readonly TextRun[], reason: string, session: Session): Promise<Page> {
  const look = await looked(page, session);
  const own = pageOfLayer(page, visible, reason, session);
  if (!look.read) {
    unread(page, look, reason, session);
    return { ...own, reason: `${reason}; ${look.why}` };
  }
  const scale = Math.min(SCAN_SIZE.dpi / 72, SCAN_SIZE.maxSidePx / Math.max(page.widthPt, page.heightPt));
  const more = look.read.lines.filter((line) => !visible.some((run) => holds(run, line, scale)));
  const inLayer = look.read.lines.length - more.length;
  const added = inLayer === 0 ? trimmed(look.read) : fromLines(more);
  if (added.text === '') return { ...own, reason: `${reason}; nothing more was read in the picture` };
  if (own.text === '') return { ...pageOfPicture(page, added, reason, session) };
  const start = [...own.text].length + 2;
  return {
    ...own,
    text: `${own.text}\n\n${added.text}`,
    source: letters(added.text) > letters(own.text) ? 'ocr' : 'text-layer',
    reason: `${reason}; ${added.lines.length} lines were read in the picture`,
    lines: added.lines.map((line) => (line.start === null ? line : { ...line, start: line.start + start })),
    engine: `${own.engine} + ${session.reader?.id}`,
  };
}

async function looked(page: PdfPage, { file, part, reader, context }: Session): Promise<Look> {
  try {
    return await lookAt(file, page.number, { part, reader }, context);
  } catch (error) {
    if (!isSensoriumError(error) || error.code !== 'read.broken' || error.details.given === 'up') throw error;
    return { read: null, why: 'the page cannot be painted', blank: false };
  }
}

function letters(text: string): number {
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
}

function trimmed({ text, lines }: ReadText): ReadText {
  const normal = text.normalize('NFC');
  // A text in another form would move every line.
  if (normal !== text) return { text: normal.trim(), lines: lines.map((line) => ({ ...line, start: null })) };
  const before = [...text].length - [...text.trimStart()].length;
  return {
    text: text.trim(),
    lines: lines.map((line) => (line.start === null ? line : { ...line, start: Math.max(0, line.start - before) })),
  };
}

function fromLines(lines: readonly TextLine[]): ReadText {
  let start = 0;
  const placed = lines.map((line) => {
    const at = { ...line, start };
    start += [...line.text].length + 1;
    return at;
  });
  return { text: lines.map((line) => line.text).join('\n'), lines: placed };
}

/** Lines with so much in common at one height are the same line. */
const SAME_LINE = 0.5;

function holds(run: TextRun, line: TextLine, scale: number): boolean {
  const x = line.box.reduce((sum, corner) => sum + corner[0], 0) / line.box.length / scale;
  const y = line.box.reduce((sum, corner) => sum + corner[1], 0) / line.box.length / scale;
  if (y < run.top - 2 || y > run.bottom + 2) return false;
  return (x >= run.left - 2 && x <= run.right + 2) || agreement(run.text, line.text) >= SAME_LINE;
}

function notePictures(page: PdfPage, { losses }: Session): void {
  const area = page.widthPt * page.heightPt;
  const notable = page.images.filter(
    ({ left, top, right, bottom }) => ((right - left) * (bottom - top)) / area >= NOTABLE_PICTURE,
  );
  if (notable.length === 0) return;
  losses.add(page.number, {
    kind: 'not-described',
    what: 'pictures beside the text were not looked at',
    action: 'the text layer was read',
    count: notable.length,
    unit: 'pictures',
  });
}

function noteOddities(page: PdfPage, { losses }: Session): void {
  if (page.outside > 0) {
    losses.add(page.number, {
      kind: 'layout',
      what: 'characters stand outside the visible page',
      action: 'left out',
      count: page.outside,
      unit: 'characters',
    });
  }
  if (page.cut) {
    losses.add(page.number, {
      kind: 'text-truncated',
      what: 'there is more on it than is looked at of one page (60,000 characters in 8,000 pieces, 100,000 objects)',
      action: 'the rest was left out',
      count: 1,
      unit: 'pages',
    });
  }
}
