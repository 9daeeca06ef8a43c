import type { Enriched, Mark } from '#contract/perception.ts';
import { everyName, type MarkLanguage, speakerName } from './vocabulary.ts';

/*
 * The marks of an enriched transcript. After a clause: `[停顿0.8秒·音高降]`, ` [pause 0.8 s · falling pitch]`, the space belongs to it.
 * Before a turn: `[说话人2]`, `[speaker 2] `, likewise. No mark has a bracket inside, so none can be made or broken by what stands around it,
 * and where the plain text has none of these brackets, taking all of them out gives it back.
 */
const ZH = everyName('zh');
const EN = everyName('en');
const SPEAKER = '\\d{1,4}';
const BARE = {
  clauseZh: `\\[(?:${ZH})(?:·(?:${ZH}))*\\]`,
  clauseEn: `\\[(?:${EN})(?: · (?:${EN}))*\\]`,
  turnZh: `\\[${speakerName(SPEAKER, 'zh')}\\]`,
  turnEn: `\\[${speakerName(SPEAKER, 'en')}\\]`,
};
const ANY = new RegExp(Object.values(BARE).join('|'), 'u');
const WRITTEN = new RegExp(`${BARE.clauseZh}| ${BARE.clauseEn}|${BARE.turnZh}|${BARE.turnEn} `, 'gu');

/** A clause's mark with these names in it, of which there must be one. */
export function clauseMark(names: readonly string[], language: MarkLanguage): string {
  return language === 'zh' ? `[${names.join('·')}]` : ` [${names.join(' · ')}]`;
}

/** The mark where a speaker begins. */
export function turnMark(speaker: string, language: MarkLanguage): string {
  return `[${speakerName(speaker, language)}]${language === 'zh' ? '' : ' '}`;
}

/** Whether a speaker's name can stand in a mark. */
export function isSpeakerNumber(speaker: string): boolean {
  return new RegExp(`^${SPEAKER}$`, 'u').test(speaker);
}

/** Whether a plain text has in it what looks like a mark. */
export function looksMarked(text: string): boolean {
  return ANY.test(text);
}

/** Puts marks into a text. They are in order of their places. */
export function withMarks(text: string, marks: readonly Mark[]): string {
  const characters = [...text];
  let written = '';
  let from = 0;
  for (const mark of marks) {
    written += characters.slice(from, mark.at).join('') + mark.written;
    from = mark.at;
  }
  return written + characters.slice(from).join('');
}

/** The plain text of an enriched one, byte for byte, whatever is in it. Throws a RangeError for marks of another text. */
export function plainTextOf({ text, marks }: Enriched): string {
  const characters = [...text];
  let plain = '';
  let from = 0;
  let length = 0;
  for (const { at, written } of marks) {
    const begin = from + at - length;
    const end = begin + [...written].length;
    if (begin < from || characters.slice(begin, end).join('') !== written) {
      throw new RangeError(`There is no mark “${written}” after ${at} characters of this text.`);
    }
    plain += characters.slice(from, begin).join('');
    length = at;
    from = end;
  }
  return plain + characters.slice(from).join('');
}

/**
 * The plain text of an enriched one when only its text is known. Exact for every text that `marksFor` marks: one that looks marked by itself is
 * given no marks, and `withheld` says so.
 */
export function withoutMarks(text: string): string {
  return text.replaceAll(WRITTEN, '');
}
