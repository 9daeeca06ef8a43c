import type { Page, TextLine } from '#contract/perception.ts';
import type { DocumentFacts } from './engine.ts';

type Unit = Exclude<DocumentFacts['unit'], 'whole'>;

const HEADINGS: Readonly<Record<'en' | 'zh', Readonly<Record<Unit, (number: number) => string>>>> = {
  en: {
    page: (number) => `Page ${number}`,
    slide: (number) => `Slide ${number}`,
    sheet: (number) => `Sheet ${number}`,
    chapter: (number) => `Chapter ${number}`,
  },
  zh: {
    page: (number) => `第 ${number} 页`,
    slide: (number) => `第 ${number} 张幻灯片`,
    sheet: (number) => `第 ${number} 个工作表`,
    chapter: (number) => `第 ${number} 章`,
  },
};

/** The heading a page stands under in the document's text: `## Page 3`, `## 第 2 个工作表：预算`; none for a document without pages. */
export function pageHeading(page: Page, unit: DocumentFacts['unit'], language: 'en' | 'zh'): string {
  if (unit === 'whole') return '';
  const title = page.title?.replaceAll(/\s+/g, ' ').trim() ?? '';
  const colon = language === 'zh' ? '：' : ': ';
  return `## ${HEADINGS[language][unit](page.number)}${title === '' ? '' : colon + title}`;
}

const MOST_LEVELS = 6;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^(#{1,6})(?=[ \t]|$)/;

/**
 * Pushes the Markdown headings of a page below the page's own heading, by `levels`, at most to level 6; what stands in a fenced
 * block of code stays. `lines` still point to the same characters.
 */
export function lowerHeadings(
  { text, lines }: { readonly text: string; readonly lines: readonly TextLine[] },
  levels: number,
): { readonly text: string; readonly lines: readonly TextLine[] } {
  const added: { readonly at: number; readonly count: number }[] = [];
  let fence: string | null = null;
  let at = 0;
  const lowered = text.split('\n').map((line) => {
    const start = at;
    at += [...line].length + 1;
    const mark = FENCE.exec(line)?.[1];
    if (mark !== undefined && (fence === null || mark.startsWith(fence))) fence = fence === null ? mark : null;
    const hashes = fence === null ? HEADING.exec(line)?.[1] : undefined;
    if (hashes === undefined) return line;
    const count = Math.min(levels, MOST_LEVELS - hashes.length);
    added.push({ at: start, count });
    return '#'.repeat(count) + line;
  });
  const moved = (start: number) => added.reduce((sum, more) => (more.at <= start ? sum + more.count : sum), start);
  return {
    text: lowered.join('\n'),
    lines: lines.map((line) => (line.start === null ? line : { ...line, start: moved(line.start) })),
  };
}
