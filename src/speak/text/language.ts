/** The scripts that decide which voice can say a text. */
export type Script = 'han' | 'latin' | 'other';

export interface LanguageCount {
  /** `mixed`: more than one script; `other`: a script of neither language; `none`: no letters at all. */
  readonly language: 'zh' | 'en' | 'mixed' | 'other' | 'none';
  readonly hanCharacters: number;
  readonly latinWords: number;
  readonly otherCharacters: number;
}

/** A run of one script. Digits, signs and blanks go with the letters before them. UTF-16 offsets, `end` exclusive. */
export interface ScriptStretch {
  readonly script: Script;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const han = /\p{Script=Han}/u;
const latin = /\p{Script=Latin}/u;
const letter = /\p{L}/u;

function scriptOf(character: string): Script | null {
  if (latin.test(character)) return 'latin';
  if (han.test(character)) return 'han';
  return letter.test(character) ? 'other' : null;
}

/** Cuts a sentence into runs of one script, so that a voice can say which stretch it cannot pronounce. */
export function stretchesOf(sentence: string): ScriptStretch[] {
  const cuts: { script: Script; start: number }[] = [];
  let at = 0;
  for (const character of sentence) {
    const script = scriptOf(character);
    if (script !== null && script !== cuts.at(-1)?.script) cuts.push({ script, start: cuts.length === 0 ? 0 : at });
    at += character.length;
  }
  return cuts.map(({ script, start }, index) => {
    const end = cuts[index + 1]?.start ?? sentence.length;
    return { script, text: sentence.slice(start, end), start, end };
  });
}

/**
 * Tells Chinese from English by script alone: Han characters against words in Latin letters. It cannot tell English from
 * French, nor Chinese from kanji-only Japanese; kana and every other script count as `other`.
 */
export function languageOf(sentence: string): LanguageCount {
  let hanCharacters = 0;
  let otherCharacters = 0;
  for (const character of sentence) {
    const script = scriptOf(character);
    if (script === 'han') hanCharacters += 1;
    else if (script === 'other') otherCharacters += 1;
  }
  const latinWords = sentence.match(/\p{Script=Latin}[\p{Script=Latin}\p{M}\p{N}'’.-]*/gu)?.length ?? 0;
  const present = [hanCharacters, latinWords, otherCharacters].filter((count) => count > 0).length;
  const language =
    present === 0 ? 'none' : present > 1 ? 'mixed' : hanCharacters > 0 ? 'zh' : latinWords > 0 ? 'en' : 'other';
  return { language, hanCharacters, latinWords, otherCharacters };
}
