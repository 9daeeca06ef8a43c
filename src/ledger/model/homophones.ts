import type { DoubtfulSpan, Measured } from '#contract/ledger.ts';
import type { Perception } from '#contract/perception.ts';
import { codePoints } from '#kit/code-points.ts';
import {
  type Dictionary,
  type EnglishSounds,
  type HeardWord,
  heardEnglish,
  heardWords,
  isUnheard,
  reading,
} from '#words/index.ts';
import { transcriptIn } from '../transcripts.ts';
import { measured, unmeasured } from '../unmeasured.ts';
import { heardText } from './heard-text.ts';

export interface HomophoneLoss {
  /** Bits that words of the same sound leave open, where accuracy has not counted the place already. */
  readonly homophones: Measured;
  /** Bits in places that accuracy counts. */
  readonly homophoneOverlap: Measured;
  /** Words whose writing claims what was not said (她 beside 他, 地 beside 的); their bits are in the two above. */
  readonly unheardWords: Measured;
  /** Words that are seldom what their sound means, and what it may be instead. */
  readonly spans: readonly DoubtfulSpan[];
}

/** From so many bits on a word is listed: at most every fourth word that sounds so is this one. */
const LISTED_FROM_BITS = 2;

/**
 * Share of such words that were wrong in recorded hypotheses: 0.35 to 0.42 of three decoders on AISHELL-1, 0.36 of one on AISHELL-2
 * (docs/decisions/2026-11-26-homophones.md). It is theirs, not that of the recogniser at hand, and so raw.
 */
const P_ERROR = 0.37;

/** At least this share of a sound must be another word for it to be worth telling. */
const ALTERNATIVE_FROM_SHARE = 0.1;

const CHINESE = 'word-frequencies:chinese-words';
const ENGLISH = 'word-frequencies:english-words';

/**
 * How far the sounds of a recording in Mandarin or English leave its words open: Σ −log2 p(word | sound) over its words, by the
 * words' frequencies. `counted` are the spans of accuracy: what lies in them goes to the overlap. Text that was read and not heard
 * has no such loss.
 */
export function homophoneLoss(
  perceptions: readonly Perception[],
  counted: readonly DoubtfulSpan[],
  dictionary: Dictionary | null,
  english: EnglishSounds | null = null,
): HomophoneLoss {
  const heard = perceptions.filter((one) => transcriptIn(one).length > 0);
  if (heard.length === 0) return none('Nothing was heard, and what is read has its characters.');
  const words = heard.flatMap((one) => wordsOf(one, dictionary, english) ?? []);
  if (words.length === 0) return none(whyNone(heard));
  let [bits, overlap, unheard] = [0, 0, 0];
  const spans: DoubtfulSpan[] = [];
  for (const { perception, text, found, source } of words) {
    const isCounted = placesIn(text, counted, perception.part);
    for (const word of found) {
      const claimed = word.others.some((other) => isUnheard(word.text, other.text));
      if (claimed) unheard += 1;
      if (isCounted.subarray(word.start, word.end).includes(1)) {
        overlap += word.bits;
        continue;
      }
      bits += word.bits;
      // Of English nobody measured yet how often such a word is wrong.
      if (source === CHINESE && word.bits >= LISTED_FROM_BITS && !claimed) spans.push(spanOf(perception.part, word));
    }
  }
  const by = [...new Set(words.map(({ source }) => source))].join(', ');
  return {
    homophones: measured(bits, by),
    homophoneOverlap: measured(overlap, by),
    unheardWords: measured(unheard, by),
    spans,
  };
}

interface Heard {
  readonly perception: Perception;
  readonly text: string;
  readonly found: readonly HeardWord[];
  readonly source: string;
}

/** The words of what was heard, in a language whose words are known here; else nothing. */
function wordsOf(
  perception: Perception,
  dictionary: Dictionary | null,
  english: EnglishSounds | null,
): Heard | undefined {
  const [language] = languagesOf(perception);
  const text = heardText(perception) ?? '';
  if (language === 'zh' && dictionary) {
    return { perception, text, found: heardWords(text, dictionary), source: CHINESE };
  }
  if (language === 'en' && english) return { perception, text, found: heardEnglish(text, english), source: ENGLISH };
  return undefined;
}

function languagesOf(perception: Perception): ('zh' | 'en' | 'other')[] {
  return transcriptIn(perception).map(({ language }) =>
    isMandarin(language) ? 'zh' : /^en(-|$)/i.test(language ?? '') ? 'en' : 'other',
  );
}

function whyNone(heard: readonly Perception[]): string {
  const languages = heard.flatMap(languagesOf);
  if (languages.includes('zh')) return 'The words of Chinese are not here: `sensorium models pull chinese-words`.';
  if (languages.includes('en')) return 'The sounds of English are not here: `sensorium models pull english-words`.';
  return 'Words of the same sound are known of Mandarin and English only.';
}

/** 1 for each code point that lies in a span of this part. */
function placesIn(text: string, spans: readonly DoubtfulSpan[], part: string): Uint8Array {
  const places = new Uint8Array(codePoints(text));
  for (const span of spans) if (span.part === part) places.fill(1, span.start, span.end);
  return places;
}

function none(reason: string): HomophoneLoss {
  const figure = unmeasured(reason);
  return { homophones: figure, homophoneOverlap: figure, unheardWords: figure, spans: [] };
}

/** Cantonese, Wu and the other Chinese languages have sounds of their own. */
export function isMandarin(language: string | null): boolean {
  return language !== null && /^(zh|cmn)(-(?!yue|wuu|nan)|$)/i.test(language);
}

function spanOf(part: string, { start, end, text, sound, others }: HeardWord): DoubtfulSpan {
  const by = `same-sound:${sound
    .split(' ')
    .map((syllable) => reading(syllable).written)
    .join(' ')}`;
  return {
    ...{ part, start, end, time: null, text, class: 'homophone' },
    ...{ pError: P_ERROR, pErrorKind: 'raw', pSource: [CHINESE] },
    alternatives: others
      .filter(({ share }) => share >= ALTERNATIVE_FROM_SHARE)
      .map(({ text, share }) => ({ text, p: Math.round(share * 1000) / 1000, by })),
  };
}
