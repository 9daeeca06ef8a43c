import type { Archive } from './archive.ts';
import { chartText } from './chart.ts';
import { LIMITS } from './limits.ts';
import { diagramLines, partOf } from './ooxml.ts';
import type { FileLoss, FileToRead, FoundPicture, Told } from './told.ts';

/** Something that stands in the text and is in a part of its own: read when the page is put together. */
export interface Apart {
  readonly kind: 'chart' | 'diagram';
  readonly part: string;
}

export const PAGE_BREAK = Symbol('page break');

export type Piece = string | FoundPicture | Apart | typeof PAGE_BREAK;

/** Collects the pieces of a page; items of a list that follow each other become one block. */
export function pieceList() {
  const pieces: Piece[] = [];
  let lastIsItem = false;
  return {
    pieces,
    add(...more: readonly Piece[]): void {
      for (const piece of more) if (piece !== '') pieces.push(piece);
      if (more.length > 0) lastIsItem = false;
    },
    addItem(text: string): void {
      const last = pieces.at(-1);
      if (lastIsItem && typeof last === 'string') pieces[pieces.length - 1] = `${last}\n${text}`;
      else pieces.push(text);
      lastIsItem = true;
    },
  };
}

/** Fetches what stands apart: the pictures (once each, within limits, where somebody can read them), charts and diagrams. */
export function fetcher(archive: Archive, { wantsPictures }: FileToRead) {
  const told = new Set<string>();
  let left = 0;
  return {
    /** How many pictures were not fetched because there are too many or they are too large. */
    get leftOut(): number {
      return left;
    },
    async *pictures(pieces: readonly Piece[]): AsyncGenerator<Told> {
      if (!wantsPictures) return;
      for (const piece of pieces) {
        if (typeof piece !== 'object' || !('id' in piece) || told.has(piece.id)) continue;
        told.add(piece.id);
        const bytes = told.size > LIMITS.pictures ? null : await archive.bytes(piece.id).catch(() => null);
        if (!bytes || bytes.length > LIMITS.pictureBytes) left += 1;
        else yield { kind: 'picture', id: piece.id, bytes };
      }
    },
    async blocks(pieces: readonly Piece[]): Promise<(string | FoundPicture)[]> {
      const blocks: (string | FoundPicture)[] = [];
      for (const piece of pieces) {
        if (typeof piece === 'symbol') continue;
        if (typeof piece === 'string' || 'id' in piece) blocks.push(piece);
        else if (piece.kind === 'chart') blocks.push(chartText(await partOf(archive, piece.part, 'chartSpace')));
        else blocks.push(diagramLines(await partOf(archive, piece.part, 'dataModel')).join('\n'));
      }
      return blocks.filter((block) => block !== '');
    },
  };
}

/** That pictures were not handed to a reader because there are too many, or they are too large or damaged. */
export function picturesLoss(count: number): FileLoss {
  return {
    kind: 'not-described',
    extent: count,
    unit: 'pictures',
    message: `${count} pictures are beyond the ${LIMITS.pictures} that are read in one document, or above ${LIMITS.pictureBytes / 2 ** 20} MB, or damaged.`,
    action: 'where they stand is marked',
  };
}
