import type { Archive } from '../../files/archive.ts';
import { broken, tooLarge } from '../../files/failure.ts';
import { LIMITS } from '../../files/limits.ts';
import { openOffice, partOf, type Relations, relationsOf, titleOf } from '../../files/ooxml.ts';
import { fetcher, PAGE_BREAK, type Piece, picturesLoss, pieceList } from '../../files/pieces.ts';
import type { FileLoss, FileToRead, Told } from '../../files/told.ts';
import { attribute, children, type Element, elementsOf, find, relationId, textOf } from '../../files/tree.ts';
import { WORDS } from '../../files/words.ts';
import { listsOf } from './lists.ts';
import { addBlock, type Counts, type Story, storyPieces } from './paragraphs.ts';
import { stylesOf } from './styles.ts';

const BODY: ReadonlySet<string> = new Set(['p', 'tbl', 'sectPr']);
const UNBROKEN = 'DOCX has no pages, and no page break is set';
const BROKEN = 'from one page break that is set to the next; DOCX has no other pages';

/**
 * Reads a Word file: a page from each page break that somebody set to the next, or one for all. Numbers of lists and headings are
 * counted as Word shows them; insertions are taken, deletions left out; notes and comments stand at the end of their page, headers and
 * footers at the end of the last.
 */
export async function* readDocx(file: FileToRead, signal: AbortSignal): AsyncGenerator<Told> {
  const { archive, main } = await openOffice(file);
  const relations = await relationsOf(archive, main);
  const partOfType = (type: string) => [...relations.values()].find((relation) => relation.type === type)?.target;
  const whole = (type: string, root: string) => partOf(archive, partOfType(type) ?? '', root);
  const counts: Counts = { inserted: 0, deleted: 0, hidden: 0, textBoxes: 0, embedded: 0, symbols: 0 };
  const notes = await notesOf(archive, relations);
  const story: Story = {
    language: file.language,
    relations,
    lists: listsOf(await whole('numbering', 'numbering')),
    styleOf: stylesOf(await whole('styles', 'styles')),
    counts,
    numberOf: notes.numberOf,
  };
  const fetch = fetcher(archive, file);
  const title = await titleOf(archive);
  const sections: Element[] = [];

  let pages = 0;
  let chars = 0;
  async function* page(pieces: readonly Piece[], isLast: boolean): AsyncGenerator<Told> {
    const all = [...pieces, ...notes.take(story), ...(isLast ? await marginsOf(sections, archive, story) : [])];
    const blocks = await fetch.blocks(all);
    if (blocks.length === 0 && !(isLast && pages === 0)) return;
    pages += 1;
    if (pages > file.maxPages) throw tooLarge(file.name, `has more than ${file.maxPages} pages`);
    const unit = isLast && pages === 1 ? 'whole' : 'page';
    if (pages === 1)
      yield { kind: 'facts', facts: { format: 'docx', title, unit, pages: unit === 'whole' ? 1 : null } };
    yield* fetch.pictures(all);
    yield { kind: 'page', page: { title: null, blocks, reason: unit === 'whole' ? UNBROKEN : BROKEN } };
  }

  let list = pieceList();
  let met = 0;
  for await (const block of elementsOf(archive.stream(main), BODY, file.name)) {
    if (signal.aborted) return;
    met += 1;
    if (block.name === 'sectPr') {
      sections.push(block);
      continue;
    }
    for (const section of children(find(block, 'pPr'), 'sectPr')) sections.push(section);
    const before = list.pieces.length;
    addBlock(block, story, list);
    // What a table repeats counts too; an item of a list is added to the piece before.
    const added = list.pieces
      .slice(before)
      .reduce<number>((sum, piece) => sum + (typeof piece === 'string' ? piece.length : 0), 0);
    chars += Math.max(added, textOf(block).length);
    if (chars > LIMITS.textChars) throw tooLarge(file.name, `has more than ${LIMITS.textChars} characters`);
    if (!list.pieces.includes(PAGE_BREAK, before)) continue;
    const all = list.pieces;
    list = pieceList();
    for (const piece of all) {
      if (piece !== PAGE_BREAK) list.add(piece);
      else {
        yield* page(list.pieces, false);
        list = pieceList();
      }
    }
  }
  if (met === 0) throw broken(file.name, 'its text has no paragraphs');
  yield* page(list.pieces, true);
  if (pages === 0) throw broken(file.name, 'its text has no paragraphs');
  for (const loss of lossesOf(counts, fetch.leftOut)) yield { kind: 'loss', loss };
}

interface Note {
  readonly kind: 'note' | 'comment';
  readonly number: number;
  readonly element: Element;
  readonly relations: Relations;
}

// Footnotes and endnotes are numbered as they come, comments by themselves.
async function notesOf(archive: Archive, relations: Relations) {
  const known = new Map<string, { element: Element; relations: Relations }>();
  for (const kind of ['footnote', 'endnote', 'comment'] as const) {
    const part = [...relations.values()].find(({ type }) => type === `${kind}s`)?.target;
    if (part === undefined) continue;
    const own = await relationsOf(archive, part);
    for (const element of children(await partOf(archive, part, `${kind}s`), kind)) {
      known.set(`${kind} ${attribute(element, 'id') ?? ''}`, { element, relations: own });
    }
  }
  const numbers = new Map<string, number>();
  const last = { note: 0, comment: 0 };
  let waiting: Note[] = [];
  return {
    numberOf(kind: 'footnote' | 'endnote' | 'comment', id: string): number {
      const key = `${kind} ${id}`;
      const before = numbers.get(key);
      if (before !== undefined) return before;
      const group = kind === 'comment' ? 'comment' : 'note';
      last[group] += 1;
      numbers.set(key, last[group]);
      const found = known.get(key);
      if (found) waiting.push({ kind: group, number: last[group], ...found });
      return last[group];
    },
    /** What the notes met so far say, once. */
    take(story: Story): Piece[] {
      const pieces: Piece[] = [];
      // A note may refer to another one.
      for (let note = waiting.shift(); note; note = waiting.shift()) {
        const said = storyPieces(note.element, { ...story, relations: note.relations }).filter(
          (piece) => piece !== PAGE_BREAK,
        );
        const text = said.filter((piece) => typeof piece === 'string').join('\n');
        pieces.push(`${headOf(note, story.language)}${text}`, ...said.filter((piece) => typeof piece !== 'string'));
      }
      waiting = [];
      return pieces;
    },
  };
}

function headOf({ kind, number, element }: Note, language: 'en' | 'zh'): string {
  if (kind === 'note') return `[^${number}]: `;
  const { comment, colon } = WORDS[language];
  const author = attribute(element, 'author')?.trim() ?? '';
  return `[${comment} ${number}]${author === '' ? '' : ` ${author}`}${colon}`;
}

// What stands at the top and bottom of pages, each once.
async function marginsOf(sections: readonly Element[], archive: Archive, story: Story): Promise<string[]> {
  const said = new Set<string>();
  for (const [name, word] of [
    ['headerReference', 'header'],
    ['footerReference', 'footer'],
  ] as const) {
    for (const section of sections) {
      for (const reference of children(section, name)) {
        const part = story.relations.get(relationId(reference, 'id') ?? '')?.target;
        if (part === undefined) continue;
        const root = await partOf(archive, part, word === 'header' ? 'hdr' : 'ftr');
        const pieces = storyPieces(root, { ...story, relations: await relationsOf(archive, part) });
        const text = pieces
          .filter((piece) => typeof piece === 'string')
          .join(' ')
          .replaceAll(/\s+/g, ' ')
          .trim();
        if (text !== '') said.add(`${WORDS[story.language][word]}${WORDS[story.language].colon}${text}`);
      }
    }
  }
  return [...said];
}

function* lossesOf(counts: Counts, picturesLeftOut: number): Generator<FileLoss> {
  const { inserted, deleted, hidden, textBoxes, embedded, symbols } = counts;
  if (deleted + inserted > 0) {
    yield {
      kind: 'layout',
      extent: deleted + inserted,
      unit: 'changes',
      message: `The document has tracked changes (insertions: ${inserted}, deletions: ${deleted}).`,
      action: 'insertions are taken, deletions left out',
    };
  }
  if (hidden > 0) {
    yield {
      kind: 'layout',
      extent: hidden,
      unit: 'runs',
      message: `${hidden} stretches of hidden text.`,
      action: 'left out',
    };
  }
  if (textBoxes > 0) {
    yield {
      kind: 'layout',
      extent: textBoxes,
      unit: 'text boxes',
      message: `${textBoxes} text boxes stand beside the text.`,
      action: 'put after the paragraph they hang on',
    };
  }
  if (embedded > 0) {
    yield {
      kind: 'not-described',
      extent: embedded,
      unit: 'objects',
      message: `${embedded} objects of other programs are embedded; they were not opened.`,
      action: 'left out',
    };
  }
  if (symbols > 0) {
    yield {
      kind: 'unwritable-character',
      extent: symbols,
      unit: 'characters',
      message: `${symbols} characters of a symbol font have no known equivalent.`,
      action: 'shown as �',
    };
  }
  if (picturesLeftOut > 0) yield picturesLoss(picturesLeftOut);
}
