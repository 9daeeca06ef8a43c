import type { Archive } from '../../files/archive.ts';
import { tooLarge } from '../../files/failure.ts';
import { LIMITS } from '../../files/limits.ts';
import { openOffice, partOf, type Relations, relationsOf, titleOf } from '../../files/ooxml.ts';
import { fetcher, type Piece, picturesLoss, pieceList } from '../../files/pieces.ts';
import type { FileToRead, Told } from '../../files/told.ts';
import { children, descendants, type Element, find, relationId, textOf } from '../../files/tree.ts';
import { WORDS } from '../../files/words.ts';
import { addText, slideContent } from './shapes.ts';

/**
 * Reads a presentation: a page for each slide in the order they are shown, with its speaker notes and comments. Hidden slides are
 * there and say so.
 */
export async function* readPptx(file: FileToRead, signal: AbortSignal): AsyncGenerator<Told> {
  const { archive, main } = await openOffice(file);
  const relations = await relationsOf(archive, main);
  const presentation = await partOf(archive, main, 'presentation');
  const slides = children(find(presentation, 'sldIdLst'), 'sldId')
    .map((slide) => relations.get(relationId(slide, 'id') ?? ''))
    .flatMap((relation) => (relation && !relation.external ? [relation.target] : []));
  if (slides.length > file.maxPages) throw tooLarge(file.name, `has ${slides.length} slides`);
  const title = await titleOf(archive);
  yield { kind: 'facts', facts: { format: 'pptx', title, unit: 'slide', pages: slides.length } };

  const words = WORDS[file.language];
  const fetch = fetcher(archive, file);
  let embedded = 0;
  let missing = 0;
  let chars = 0;
  for (const part of slides) {
    if (signal.aborted) return;
    if (!archive.has(part)) missing += 1;
    const slide = await partOf(archive, part, 'sld');
    const own = await relationsOf(archive, part);
    const content = slideContent(find(slide, 'cSld', 'spTree'), own, file.language);
    embedded += content.embedded;
    const pieces: Piece[] = [...content.pieces, ...(await besideOf(archive, own, words))];
    const blocks = await fetch.blocks(pieces);
    for (const block of blocks) if (typeof block === 'string') chars += block.length;
    if (chars > LIMITS.textChars) throw tooLarge(file.name, `has more than ${LIMITS.textChars} characters`);
    yield* fetch.pictures(pieces);
    const isHidden = /^(0|false)$/.test(slide.attributes.show ?? '');
    const hidden = isHidden ? `(${words.hiddenSlide})` : null;
    const named = [content.title, hidden].filter((piece) => piece !== null).join(' ');
    const reason = !archive.has(part) ? 'the file lacks this slide' : isHidden ? 'a hidden slide' : 'a slide';
    yield { kind: 'page', page: { title: named === '' ? null : named, blocks, reason } };
  }
  if (missing > 0) {
    const message = `The presentation names ${missing} slides that are not in its file.`;
    yield {
      kind: 'loss',
      loss: { kind: 'page-unread', extent: missing, unit: 'slides', message, action: 'left empty' },
    };
  }
  if (embedded > 0) {
    const message = `${embedded} films, sounds or objects of other programs are in the slides; they were not opened.`;
    yield {
      kind: 'loss',
      loss: { kind: 'not-described', extent: embedded, unit: 'objects', message, action: 'left out' },
    };
  }
  if (fetch.leftOut > 0) yield { kind: 'loss', loss: picturesLoss(fetch.leftOut) };
}

// Speaker notes, then comments, of the old kind and of the new.
async function besideOf(archive: Archive, relations: Relations, words: (typeof WORDS)['en' | 'zh']): Promise<Piece[]> {
  const list = pieceList();
  for (const { type, target } of relations.values()) {
    if (type === 'notesSlide') {
      const notes = pieceList();
      const tree = find(await partOf(archive, target, 'notes'), 'cSld', 'spTree');
      const own = await relationsOf(archive, target);
      for (const shape of children(tree, 'sp')) {
        if (find(shape, 'nvSpPr', 'nvPr', 'ph')?.attributes.type === 'body')
          addText(find(shape, 'txBody'), own, false, notes);
      }
      if (notes.pieces.length > 0) list.add(`**${words.notes}**`, ...notes.pieces);
    }
    if (type === 'comments') {
      const said = [...descendants(await partOf(archive, target, 'cmLst'), 'cm')]
        .map(commentText)
        .filter((text) => text !== '');
      if (said.length > 0) list.add(`**${words.comments}**`, said.map((text) => `- ${text}`).join('\n'));
    }
  }
  return list.pieces;
}

function commentText(comment: Element): string {
  const old = find(comment, 'text');
  if (old) return textOf(old).trim();
  return [...descendants(comment, 't')].map(textOf).join(' ').trim();
}
