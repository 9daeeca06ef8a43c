import type { Mitigation, RareCharacter } from '#contract/ledger.ts';
import type { TextEdit } from '#contract/perception.ts';
import { readingsOf } from '#words/index.ts';
import type { GlossData } from './gloss-data.ts';

/** More glosses than this in one text would be in the way of reading it. */
const MOST_GLOSSES = 20;

/**
 * Puts a gloss behind the first use of each rare character, from tables and never from a model: `𬬱（jīn，⿰钅斤）` in Chinese,
 * `𬬱 (jīn, ⿰钅斤)` elsewhere, there with the meaning where one is known. All readings are given. No gloss stands where there is one
 * already, or where nothing is known. The edits only insert, so that leaving them out gives the text back to the byte.
 */
export function glossEdits(
  text: string,
  rare: readonly Pick<RareCharacter, 'character' | 'unwritable'>[],
  data: GlossData,
  language: string,
): TextEdit[] {
  const wanted = new Set(
    rare.flatMap(({ character, unwritable }) => (character === null || unwritable ? [] : [character])),
  );
  const edits: TextEdit[] = [];
  let at = 0;
  let last: string | null = null;
  const finish = (next: string | undefined) => {
    if (last === null) return;
    const after = next === '（' || next === '(' ? null : glossOf(last, data, language);
    if (after !== null) edits.push({ start: at, end: at, before: '', after, by: 'gloss' });
    last = null;
  };
  for (const character of text) {
    finish(character);
    if (edits.length >= MOST_GLOSSES || wanted.size === 0) return edits;
    if (wanted.delete(character)) last = character;
    at += 1;
  }
  finish(undefined);
  return edits;
}

function glossOf(character: string, data: GlossData, language: string): string | null {
  const isChinese = language.split('-')[0] === 'zh';
  const meaning = isChinese ? null : data.meaningOf(character);
  const told = [
    readingsOf(character)
      .map(({ written }) => written)
      .join('/'),
    data.componentsOf(character) ?? '',
    meaning === null ? '' : `“${meaning}”`,
  ].filter((one) => one !== '');
  if (told.length === 0) return null;
  return isChinese ? `（${told.join('，')}）` : ` (${told.join(', ')})`;
}

/**
 * What glossing did, for the ledger. `addedTokens` is what it costs the model; `null` where its tokenizer is not known. That it helps
 * an answer nobody has measured (loss.md §3.4), so no error rate is claimed.
 */
export function glossed(
  part: string,
  rare: number,
  edits: readonly TextEdit[],
  addedTokens: number | null,
): Mitigation {
  const unknown = { value: null, source: null, reason: 'A gloss changes no character.' };
  return {
    ...{ id: 'gloss', part, applied: edits.length > 0, by: 'pinyin-pro' },
    note: `${edits.length} of ${rare} rare characters got a gloss on first use.`,
    ...{ editsProposed: edits.length, editsAccepted: edits.length, refused: {} },
    ...{ charactersDeleted: 0, particlesDeleted: 0, addedTokens },
    ...{ errorRateBefore: unknown, errorRateAfter: unknown },
  };
}
