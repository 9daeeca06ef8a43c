import { LIMITS } from '../../files/limits.ts';
import type { FileToRead, Told } from '../../files/told.ts';
import { descendants, textOf } from '../../files/tree.ts';
import { cutOff, within } from '../../files/within.ts';
import { htmlBlocks, MOST_COVERED_CELLS } from './blocks.ts';
import { decodeHtml } from './charset.ts';
import { htmlTree } from './tree.ts';

/** Reads an HTML file as one page, in the order it is written. Pictures are told by their `alt`; nothing is fetched. */
export async function* readHtml(file: FileToRead): AsyncGenerator<Told> {
  const { text, replaced } = decodeHtml(file.bytes, file.charset, file.name);
  const tree = htmlTree(text, file.name);
  const title = [...descendants(tree, 'title')].map(textOf).join(' ').replaceAll(/\s+/g, ' ').trim();
  yield { kind: 'facts', facts: { format: 'html', title: title === '' ? null : title, unit: 'whole', pages: 1 } };
  let silent = 0;
  const blocks = htmlBlocks(tree, {
    language: file.language,
    spans: { covered: MOST_COVERED_CELLS },
    pictureOf(_, alt) {
      if (alt === '') silent += 1;
      return null;
    },
  });
  const { kept, loss } = within(blocks, LIMITS.textChars);
  if (loss) yield { kind: 'loss', loss };
  if (silent > 0) {
    yield {
      kind: 'loss',
      loss: {
        kind: 'not-described',
        extent: silent,
        unit: 'pictures',
        message: `${silent} pictures of the page have no alternative text; they are not in the file and were not fetched.`,
        action: 'left out',
      },
    };
  }
  if (replaced > 0) {
    yield {
      kind: 'loss',
      loss: {
        kind: 'unwritable-character',
        extent: replaced,
        unit: 'characters',
        message: `${replaced} characters are not written in the encoding the page says it has.`,
        action: 'shown as �',
      },
    };
  }
  if (file.sizeBytes > file.bytes.length) yield { kind: 'loss', loss: cutOff(file) };
  yield { kind: 'page', page: { title: title === '' ? null : title, blocks: kept, reason: 'HTML has no pages' } };
}
