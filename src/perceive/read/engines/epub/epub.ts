import { type Archive, openArchive, partAt } from '../../files/archive.ts';
import { broken, encrypted, tooLarge } from '../../files/failure.ts';
import { LIMITS } from '../../files/limits.ts';
import { partOf } from '../../files/ooxml.ts';
import { fetcher, picturesLoss } from '../../files/pieces.ts';
import type { FileToRead, Told } from '../../files/told.ts';
import { children, descendants, type Element, find, textOf } from '../../files/tree.ts';
import { within } from '../../files/within.ts';
import { htmlBlocks, MOST_COVERED_CELLS } from '../html/blocks.ts';
import { decodeHtml } from '../html/charset.ts';
import { htmlTree } from '../html/tree.ts';

const IMAGE = /\.(png|jpe?g|gif|webp|tiff?|bmp|svg)$/i;

/** Reads a book: a page for each part of its reading order (EPUB 3.3, `spine`), with the title its table of contents gives. */
export async function* readEpub(file: FileToRead, signal: AbortSignal): AsyncGenerator<Told> {
  const archive = await openArchive(file.bytes, file.name);
  const container = await partOf(archive, 'META-INF/container.xml', 'container');
  const opf = partAt('', [...descendants(container, 'rootfile')][0]?.attributes['full-path'] ?? '');
  if (opf === '' || !archive.has(opf)) throw broken(file.name, 'it does not say where its text is');
  const book = await partOf(archive, opf, 'package');
  const items = new Map(
    children(find(book, 'manifest'), 'item').map((item) => [
      item.attributes.id ?? '',
      { part: partAt(opf, decoded(item.attributes.href ?? '')), type: item.attributes['media-type'] ?? '', item },
    ]),
  );
  const spine = children(find(book, 'spine'), 'itemref')
    .map((reference) => items.get(reference.attributes.idref ?? ''))
    .filter((item) => item !== undefined);
  await refuseLocked(archive, new Set(spine.map(({ part }) => part.toLowerCase())));
  if (spine.length > file.maxPages) throw tooLarge(file.name, `has ${spine.length} chapters`);

  const titles = await titlesOf(archive, [...items.values()]);
  const title = textOf(children(find(book, 'metadata'), 'title')[0]).trim();
  yield { kind: 'facts', facts: { format: 'epub', title: title || null, unit: 'chapter', pages: spine.length } };
  const fetch = fetcher(archive, file);
  const spans = { covered: MOST_COVERED_CELLS };
  let left = LIMITS.textChars;
  let missing = 0;
  for (const { part } of spine) {
    if (signal.aborted) return;
    const bytes = await archive.bytes(part);
    if (!bytes) missing += 1;
    const { text } = decodeHtml(bytes ?? new Uint8Array(), 'utf-8', file.name);
    const blocks = htmlBlocks(htmlTree(text, file.name, isXml(text)), {
      language: file.language,
      spans,
      pictureOf(src, alt) {
        const target = partAt(part, decoded(src));
        return !/^[a-z]+:/i.test(src) && IMAGE.test(target) && archive.has(target) ? { id: target, alt } : null;
      },
    });
    const { kept, loss } = within(blocks, left);
    if (loss) yield { kind: 'loss', loss };
    left -= blocks.reduce((sum, block) => sum + (typeof block === 'string' ? block.length : 0), 0);
    yield* fetch.pictures(kept);
    const reason = bytes ? 'a chapter of the book' : 'the file lacks this chapter';
    yield { kind: 'page', page: { title: titles.get(part.toLowerCase()) ?? null, blocks: kept, reason } };
    if (left <= 0) break;
  }
  if (missing > 0) {
    const message = `The book names ${missing} chapters that are not in its file.`;
    yield {
      kind: 'loss',
      loss: { kind: 'page-unread', extent: missing, unit: 'chapters', message, action: 'left empty' },
    };
  }
  if (fetch.leftOut > 0) yield { kind: 'loss', loss: picturesLoss(fetch.leftOut) };
}

// Fonts are often obfuscated, which is no lock; a chapter that is encrypted is.
async function refuseLocked(archive: Archive, chapters: ReadonlySet<string>): Promise<void> {
  const encryption = await partOf(archive, 'META-INF/encryption.xml', 'encryption');
  for (const reference of descendants(encryption, 'CipherReference')) {
    if (chapters.has(partAt('', decoded(reference.attributes.URI ?? '')).toLowerCase())) throw encrypted(archive.name);
  }
}

/** XHTML is XML, unless it is written so that only a browser would read it. */
function isXml(text: string): boolean {
  return /^\ufeff?\s*(?:<\?xml|<!DOCTYPE html PUBLIC "-\/\/W3C\/\/DTD XHTML)/i.test(text);
}

// The table of contents: EPUB 3 has it as HTML (`nav`), EPUB 2 as NCX.
async function titlesOf(
  archive: Archive,
  items: readonly { part: string; type: string; item: Element }[],
): Promise<ReadonlyMap<string, string>> {
  const titles = new Map<string, string>();
  const add = (from: string, href: string, words: string) => {
    const part = partAt(from, decoded(href.split('#', 1)[0] ?? '')).toLowerCase();
    const title = words.replaceAll(/\s+/g, ' ').trim();
    if (title !== '' && !titles.has(part)) titles.set(part, title);
  };
  const nav = items.find(({ item }) => /(^|\s)nav(\s|$)/.test(item.attributes.properties ?? ''));
  const bytes = nav && (await archive.bytes(nav.part));
  if (nav && bytes) {
    const tree = htmlTree(decodeHtml(bytes, 'utf-8', archive.name).text, archive.name);
    for (const link of descendants(tree, 'a')) add(nav.part, link.attributes.href ?? '', textOf(link));
  }
  const ncx = items.find(({ type }) => type === 'application/x-dtbncx+xml');
  if (ncx) {
    for (const point of allPoints(await partOf(archive, ncx.part, 'navMap'))) {
      add(ncx.part, find(point, 'content')?.attributes.src ?? '', textOf(find(point, 'navLabel', 'text')));
    }
  }
  return titles;
}

function* allPoints(parent: Element): Generator<Element> {
  for (const point of children(parent, 'navPoint')) {
    yield point;
    yield* allPoints(point);
  }
}

function decoded(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch {
    return href;
  }
}
