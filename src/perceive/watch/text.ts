import type { Moment } from '#contract/perception.ts';
import { labelled } from '../hear/labels.ts';

const WORDS = {
  en: {
    shown: 'Shown: ',
    written: 'Written: ',
    said: 'Said: ',
    event: 'Heard: ',
    chapter: 'Chapter: ',
    as: 'as at ',
    quotes: ['"', '"'],
    dash: ' / ',
  },
  zh: {
    shown: '画面：',
    written: '文字：',
    said: '说：',
    event: '声音：',
    chapter: '章节：',
    as: '同 ',
    quotes: ['“', '”'],
    dash: ' / ',
  },
} as const;

/** Where a chapter's title comes from. */
export const CHAPTERS = 'chapters';
/** What is longer and was told before, word for word, is only referred to. */
const REFERRED_FROM_CHARS = 20;

/** The timeline in words, a line for each second in which something begins: `[01:05] 画面：… / 文字：… / 说：“…”`. */
export function timelineText(moments: readonly Moment[], language: 'en' | 'zh'): string {
  const lines: string[] = [];
  const told = new Map<string, string>();
  let second = -1;
  for (const moment of moments) {
    const at = Math.floor(moment.startMs / 1_000);
    const words = inWords(moment, language, told, inClock(at));
    if (at === second) lines[lines.length - 1] += `${WORDS[language].dash}${words}`;
    else lines.push(`[${inClock(at)}] ${words}`);
    second = at;
  }
  return lines.join('\n');
}

/** A time as `05:07`, or `1:05:07` from an hour on. */
export function inClock(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}:` : ''}${two(minutes)}:${two(seconds % 60)}`;
}

function inWords(
  { what, text, source }: Moment,
  language: 'en' | 'zh',
  told: Map<string, string>,
  clock: string,
): string {
  const words = WORDS[language];
  const lead = source === CHAPTERS ? words.chapter : words[what];
  if (what === 'event') return `${lead}${labelled(text)?.[language] ?? text}`;
  const line = text.split(/\s*\n\s*/).join(' | ');
  if (what === 'said') return `${lead}${words.quotes[0]}${line}${words.quotes[1]}`;
  const before = told.get(lead + line);
  if (before !== undefined && line.length > REFERRED_FROM_CHARS) return `${lead}${words.as}[${before}]`;
  told.set(lead + line, before ?? clock);
  return lead + line;
}
