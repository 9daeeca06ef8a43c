import type { Archive } from '../../files/archive.ts';
import { drawnPieces } from '../../files/drawing.ts';
import { tooLarge } from '../../files/failure.ts';
import { LIMITS } from '../../files/limits.ts';
import { openOffice, partOf, type Relation, type Relations, relationsOf, titleOf } from '../../files/ooxml.ts';
import { fetcher, type Piece, picturesLoss } from '../../files/pieces.ts';
import type { FileToRead, Told } from '../../files/told.ts';
import { children, descendants, type Element, elementsOf, find, relationId, textOf } from '../../files/tree.ts';
import { WORDS } from '../../files/words.ts';
import { formatsOf } from './formats.ts';
import { commentLines, SHEET_ELEMENTS, sheetBlocks, sheetOf, stringText } from './sheet.ts';

const STRINGS: ReadonlySet<string> = new Set(['si']);
/** Strings of a workbook are kept for all its sheets. */
const MOST_STRING_CHARS = 64e6;

/**
 * Reads a workbook: a page for each sheet, its cells as they are shown. Rows beyond what is kept of a workbook's text are
 * counted and left out. Hidden sheets, rows and columns are there and say so.
 */
export async function* readXlsx(file: FileToRead, signal: AbortSignal): AsyncGenerator<Told> {
  const { archive, main } = await openOffice(file);
  const relations = await relationsOf(archive, main);
  const workbook = await partOf(archive, main, 'workbook');
  const sheets = children(find(workbook, 'sheets'), 'sheet');
  if (sheets.length > file.maxPages) throw tooLarge(file.name, `has ${sheets.length} sheets`);
  const facts = { format: 'xlsx', title: await titleOf(archive), unit: 'sheet', pages: sheets.length } as const;
  yield { kind: 'facts', facts };

  const of = (type: string) => [...relations.values()].find((relation) => relation.type === type)?.target ?? '';
  const is1904 = /^(1|true)$/.test(find(workbook, 'workbookPr')?.attributes.date1904 ?? '');
  const shared = await stringsOf(archive, of('sharedStrings'), file.name);
  const show = formatsOf(await partOf(archive, of('styles'), 'styleSheet'), is1904, file.language);
  const words = WORDS[file.language];
  const fetch = fetcher(archive, file);
  let left: number = LIMITS.textChars;
  let uncalculated = 0;
  for (const [index, entry] of sheets.entries()) {
    if (signal.aborted) return;
    const relation = relations.get(relationId(entry, 'id') ?? '');
    const part = relation?.external === false ? relation.target : '';
    const sheet = sheetOf({ shared, show }, left);
    for await (const element of elementsOf(archive.stream(part), SHEET_ELEMENTS, file.name)) {
      if (signal.aborted) return;
      sheet.take(element);
    }
    const result = sheet.finish();
    left = Math.max(0, left - result.chars);
    uncalculated += result.uncalculated;
    const own = await relationsOf(archive, part);
    const pieces: Piece[] = [
      ...sheetBlocks(result, words),
      ...(await besideOf(archive, own, result.drawings, words)),
      ...(relation?.type === 'chartsheet' && result.drawings.length === 0 ? await drawnOf(archive, own) : []),
    ];
    yield* fetch.pictures(pieces);
    const blocks = await fetch.blocks(pieces);
    const isHidden = /hidden/i.test(entry.attributes.state ?? '');
    const title = `${entry.attributes.name ?? ''}${isHidden ? ` (${words.hiddenSheet})` : ''}`.trim();
    const reason = isHidden ? 'a hidden sheet' : 'a sheet, its cells as they are shown';
    yield { kind: 'page', page: { title: title === '' ? null : title, blocks, reason } };
    if (result.cutRows > 0) {
      const message = `Sheet ${index + 1} has ${result.cutRows} rows more than the ${LIMITS.textChars} characters that are read of a workbook hold.`;
      const action = 'its last rows are left out';
      yield { kind: 'loss', loss: { kind: 'text-truncated', extent: result.cutRows, unit: 'rows', message, action } };
    }
  }
  if (uncalculated > 0) {
    const message = `${uncalculated} formulas have no result in the file: nobody calculated them before it was saved.`;
    const action = 'the formula stands in its place';
    yield { kind: 'loss', loss: { kind: 'layout', extent: uncalculated, unit: 'formulas', message, action } };
  }
  if (fetch.leftOut > 0) yield { kind: 'loss', loss: picturesLoss(fetch.leftOut) };
}

async function stringsOf(archive: Archive, part: string, name: string): Promise<string[]> {
  const strings: string[] = [];
  let chars = 0;
  for await (const item of elementsOf(archive.stream(part), STRINGS, name)) {
    const text = stringText(item);
    chars += text.length;
    if (chars > MOST_STRING_CHARS) throw tooLarge(name, `has more than ${MOST_STRING_CHARS} characters`);
    strings.push(text);
  }
  return strings;
}

// Pictures and charts, then comments.
async function besideOf(
  archive: Archive,
  relations: Relations,
  drawings: readonly Element[],
  words: (typeof WORDS)['en' | 'zh'],
): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for (const drawing of drawings) {
    const relation = relations.get(relationId(drawing, 'id') ?? '');
    if (relation && !relation.external) pieces.push(...(await drawingPieces(archive, relation.target)));
  }
  const comments = [...relations.values()].flatMap((relation) => (isComments(relation) ? [relation.target] : []));
  const lines: string[] = [];
  for (const part of comments) {
    const threaded = part.includes('threaded');
    // What a thread says stands in the old comments too, for old programs.
    if (!threaded && comments.some((other) => other !== part && other.includes('threaded'))) continue;
    const root = await partOf(archive, part, threaded ? 'ThreadedComments' : 'comments');
    lines.push(...commentLines(root, [...descendants(root, 'author')].map(textOf)));
  }
  if (lines.length > 0) pieces.push(`**${words.comments}**`, lines.join('\n'));
  return pieces;
}

function isComments({ type, external }: Relation): boolean {
  return !external && (type === 'comments' || type === 'threadedComment');
}

async function drawnOf(archive: Archive, relations: Relations): Promise<Piece[]> {
  const drawing = [...relations.values()].find(({ type }) => type === 'drawing')?.target;
  return drawing === undefined ? [] : drawingPieces(archive, drawing);
}

async function drawingPieces(archive: Archive, part: string): Promise<Piece[]> {
  const root = await partOf(archive, part, 'wsDr');
  const relations = await relationsOf(archive, part);
  const pieces: Piece[] = [];
  for (const anchor of children(root)) {
    const properties = [...descendants(anchor, 'cNvPr')][0];
    pieces.push(...drawnPieces(anchor, properties, relations));
    const text = [...descendants(anchor, 'txBody')].flatMap((body) =>
      [...descendants(body, 'p')].map((p) => [...descendants(p, 't')].map(textOf).join('')),
    );
    pieces.push(...text.filter((line) => line.trim() !== ''));
  }
  return pieces;
}
