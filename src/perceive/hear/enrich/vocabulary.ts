import { EMOTION_IDS, EVENT_IDS, labelled } from '../labels.ts';

/** The languages marks are written in: that of the transcript where it is Chinese, else English. */
export type MarkLanguage = 'zh' | 'en';

interface Names {
  readonly zh: string;
  readonly en: string;
}

/** What may be said of a voice, by the `label` of a cue. Nothing else is ever written. */
const MANNER = {
  loud: { zh: '声音大', en: 'loud' },
  quiet: { zh: '声音轻', en: 'quiet' },
  fast: { zh: '语速快', en: 'fast' },
  slow: { zh: '语速慢', en: 'slow' },
  high: { zh: '音调高', en: 'high pitch' },
  low: { zh: '音调低', en: 'low pitch' },
  lively: { zh: '音高起伏大', en: 'lively pitch' },
  flat: { zh: '音高平', en: 'flat pitch' },
  falling: { zh: '音高降', en: 'falling pitch' },
  rising: { zh: '音高升', en: 'rising pitch' },
  'ends-high': { zh: '句尾上扬', en: 'rising at the end' },
  'drawn-out': { zh: '尾音拖长', en: 'drawn out' },
} as const satisfies Record<string, Names>;

export type Manner = keyof typeof MANNER;

/** Labels that say nothing of note: calm speech is what is expected, and `unknown` is not a feeling. */
const UNMARKED = ['neutral', 'unknown', 'other', 'speech', 'noise'];

/** The names of a manner. */
export function mannerName(manner: Manner, language: MarkLanguage): string {
  return MANNER[manner][language];
}

/** `停顿0.8秒`, `pause 0.8 s`. */
export function pauseName(seconds: number, language: MarkLanguage): string {
  return language === 'zh' ? `停顿${seconds.toFixed(1)}秒` : `pause ${seconds.toFixed(1)} s`;
}

/** `说话人2`, `speaker 2`. */
export function speakerName(speaker: string, language: MarkLanguage): string {
  return language === 'zh' ? `说话人${speaker}` : `speaker ${speaker}`;
}

/** `听起来愤怒`, `sounds angry`; with `maybe` (nobody measured how sure it is) `疑似愤怒`, `maybe angry`. `null` where it is not worth a mark. */
export function emotionName(label: string, maybe: boolean, language: MarkLanguage): string | null {
  const names = marked(label, EMOTION_IDS);
  if (!names) return null;
  if (language === 'zh') return `${maybe ? '疑似' : '听起来'}${names.zh}`;
  return `${maybe ? 'maybe' : 'sounds'} ${names.en}`;
}

/**
 * `听到笑声`, `heard laughter`; with `maybe` `疑似有笑声`, `maybe laughter`. Never the bare word: `[laughter]` is what some recognisers write into
 * their text themselves.
 */
export function eventName(label: string, maybe: boolean, language: MarkLanguage): string | null {
  const names = marked(label, EVENT_IDS);
  if (!names) return null;
  if (language === 'zh') return `${maybe ? '疑似有' : '听到'}${names.zh}`;
  return `${maybe ? 'maybe' : 'heard'} ${names.en}`;
}

/** Every text that may stand between the separators of a clause's mark, as the source of a regular expression. */
export function everyName(language: MarkLanguage): string {
  const both = [true, false];
  const names = [
    ...Object.values(MANNER).map((manner) => manner[language]),
    ...EMOTION_IDS.flatMap((id) => both.map((maybe) => emotionName(id, maybe, language))),
    ...EVENT_IDS.flatMap((id) => both.map((maybe) => eventName(id, maybe, language))),
  ].filter((name) => name !== null);
  const pause = language === 'zh' ? '停顿\\d+\\.\\d秒' : 'pause \\d+\\.\\d s';
  return [pause, ...names].join('|');
}

function marked(label: string, ids: readonly string[]): Names | null {
  const names = labelled(label);
  return names && ids.includes(names.id) && !UNMARKED.includes(names.id) ? names : null;
}
