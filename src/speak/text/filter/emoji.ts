import { drop, type Place, type Step, say } from './step.ts';

const pictograph = /\p{Extended_Pictographic}/u;
// Pictographs by the standard, but signs with a spoken name: © ® ™ ℹ ‼ ⁉ and arrows.
const signs = /[©®™ℹ‼⁉\u2190-\u21ff\u2b05-\u2b07\u2934\u2935]/u;
const regional = /\p{Regional_Indicator}/u;
const follows = /[\ufe0f\ufe0e\u20e3\u{1f3fb}-\u{1f3ff}\u{e0020}-\u{e007f}]/u;
const invisible = /[\u200b\u2060\ufeff\u00ad]|\ufe0e|\ufe0f|\u20e3/u;

/** Whether `emojiAt` has anything to look at in this code point. */
export const mayBeEmoji = (unit: number) => unit === 0xa9 || unit === 0xad || unit === 0xae || unit >= 0x200b;

/** Reads one emoji, with its modifiers and joined parts; `null`: an ordinary character. */
export function emojiAt(place: Place): Step | null {
  const { text, at, ended } = place;
  const first = characterAt(text, at);
  if (isHalf(first) && at + 1 === text.length && !ended) return 'wait';
  if (invisible.test(first)) return say(place, first.length, '');
  const flag = regional.test(first);
  if (!flag && (!pictograph.test(first) || signs.test(first))) return null;

  let end = at + first.length;
  let joined = false;
  let flags = 1;
  for (;;) {
    if (end >= text.length) {
      if (ended) break;
      return 'wait';
    }
    const next = characterAt(text, end);
    if (isHalf(next) && end + 1 === text.length && !ended) return 'wait';
    if (flag && flags === 1 && regional.test(next)) flags = 2;
    else if (!(follows.test(next) || next === '\u200d' || (joined && pictograph.test(next)))) break;
    joined = next === '\u200d';
    end += next.length;
  }
  return drop(place, end - at, 'emoji');
}

const characterAt = (text: string, at: number) => String.fromCodePoint(text.codePointAt(at) ?? 0);
const isHalf = (character: string) => character.length === 1 && character >= '\ud800' && character <= '\udbff';
