import { LIMITS } from '../../files/limits.ts';
import { decodeText } from '../../files/text.ts';
import type { FileToRead, Told } from '../../files/told.ts';
import { cutOff, within } from '../../files/within.ts';

/** Below this a document is one whole; longer ones are cut at their first headings, so that each part can be found by its number. */
const SHORT_CHARS = 20_000;

/** Reads Markdown and plain text as they are; a long one with several headings of the highest level has a page for each. */
export async function* readMarkdown(file: FileToRead): AsyncGenerator<Told> {
  const text = decodeText(file);
  const isMarkdown = file.mimeType === 'text/markdown';
  const { kept, loss } = within([text], LIMITS.textChars);
  const whole = kept.join('');
  const parts = isMarkdown && whole.length > SHORT_CHARS ? chapters(whole) : [{ title: null, text: whole }];
  const isSplit = parts.length > 1 && parts.length <= file.maxPages;
  const title = isMarkdown ? (/^# +(.+?) *#*$/m.exec(whole)?.[1]?.trim() ?? null) : null;
  const unit = isSplit ? 'chapter' : 'whole';
  const format = isMarkdown ? 'markdown' : 'text';
  yield { kind: 'facts', facts: { format, title, unit, pages: isSplit ? parts.length : 1 } };
  for (const part of isSplit ? parts : [{ title: null, text: whole }]) {
    const reason = isSplit ? 'from one top heading to the next' : 'as it is written';
    yield { kind: 'page', page: { title: part.title, blocks: [part.text], reason } };
  }
  if (loss) yield { kind: 'loss', loss };
  if (file.sizeBytes > file.bytes.length) yield { kind: 'loss', loss: cutOff(file) };
}

interface Chapter {
  readonly title: string | null;
  readonly text: string;
}

/** The parts between headings of the highest level that is there twice; what stands in a fenced block of code is no heading. */
export function chapters(text: string): Chapter[] {
  const lines = text.split('\n');
  const headings: { at: number; level: number; title: string }[] = [];
  let fence: string | null = null;
  for (const [at, line] of lines.entries()) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark !== undefined && (fence === null || mark.startsWith(fence))) fence = fence === null ? mark : null;
    const heading = fence === null ? /^(#{1,6})[ \t]+(.*)$/.exec(line) : null;
    if (heading) {
      const title = (heading[2] ?? '').replace(/[ \t]+#+[ \t]*$/, '').trim();
      headings.push({ at, level: heading[1]?.length ?? 1, title });
    }
  }
  const level = [1, 2, 3].find((each) => headings.filter((heading) => heading.level === each).length > 1);
  const cuts = headings.filter((heading) => heading.level === level);
  const [first] = cuts;
  if (!first) return [{ title: null, text }];
  const parts = cuts.map(({ at, title }, index) => ({ title, text: lines.slice(at, cuts[index + 1]?.at).join('\n') }));
  const before = lines.slice(0, first.at).join('\n');
  return before.trim() === '' ? parts : [{ title: null, text: before }, ...parts];
}
