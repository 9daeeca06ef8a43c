import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isCommonHan, levelOf } from '#words/index.ts';

/** The file of the model store's `han-components`. */
const COMPONENTS_FILE = 'ids.txt';

/** What tables say of characters; `null` where they say nothing. */
export interface GlossData {
  /** What a character is put together of, as an ideographic description (`⿰钅斤`), where each piece is one that readers know. */
  componentsOf(character: string): string | null;
  /** What it means, in English, in a few words. */
  meaningOf(character: string): string | null;
}

/**
 * Opens the tables. `folder` is that of the model store's `han-components` (CJKVI IDS; GPL-2.0, so it is fetched and is no part of
 * this product); `null`: there are no components then. Meanings are those of Unihan, for levels 2 and 3 of the standard table.
 */
export async function openGlossData(folder: string | null): Promise<GlossData> {
  const components = folder === null ? null : readComponents(await readFile(join(folder, COMPONENTS_FILE), 'utf8'));
  return {
    componentsOf: (character) => components?.get(character) ?? null,
    meaningOf: (character) => {
      meanings ??= readMeanings();
      return meanings.get(character) ?? null;
    },
  };
}

let meanings: ReadonlyMap<string, string> | undefined;

function readMeanings(): Map<string, string> {
  const lines: string[] = JSON.parse(readFileSync(new URL('meanings.json', import.meta.url), 'utf8'));
  return new Map(
    lines.map((line) => {
      const [character = ''] = line;
      return [character, line.slice(character.length + 1)];
    }),
  );
}

/** A piece that stands in so many of the 3,500 most common characters is known to whoever reads them, also where it is no character itself (钅). */
const KNOWN_FROM_USES = 3;
/** Longer descriptions are no help. Code points. */
const LONGEST = 7;
const SHAPE = /^[\u2ff0-\u2fff\u31ef]$/;

/** Reads lines of `U+2CB31<tab>𬬱<tab>⿰钅斤`, more than one description with marks where they are used: `⿰糹勺[GT]`. Common characters are left out. */
export function readComponents(text: string): Map<string, string> {
  const described: (readonly [string, readonly string[]])[] = [];
  const uses = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [code = '', character = '', ...ways] = line.split('\t');
    if (!code.startsWith('U+')) continue;
    const way = ways.find((one) => /\[[A-Z]*G[A-Z]*\]/.test(one)) ?? ways[0] ?? '';
    const pieces = Array.from(way.replace(/\[.*?\]/g, '').trim());
    if (pieces.length < 3 || pieces.includes('&')) continue;
    if (levelOf(character) === 1) for (const piece of new Set(pieces)) uses.set(piece, (uses.get(piece) ?? 0) + 1);
    else if (!isCommonHan(character) || levelOf(character) === 2) described.push([character, pieces]);
  }
  const isKnown = (piece: string) =>
    SHAPE.test(piece) || isCommonHan(piece) || (uses.get(piece) ?? 0) >= KNOWN_FROM_USES;
  return new Map(
    described
      .filter(([, pieces]) => pieces.length <= LONGEST && pieces.every(isKnown))
      .map(([character, pieces]) => [character, pieces.join('')]),
  );
}
