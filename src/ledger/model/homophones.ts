import type { DoubtfulSpan, Measured } from '#contract/ledger.ts';
import type { Perception } from '#contract/perception.ts';
import { codePoints } from '#kit/code-points.ts';
import { type Dictionary, type HeardWord, heardWords, isUnheard, reading } from '#words/index.ts';
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

const SOURCE = 'word-frequencies:chinese-words';

/**
 * How far the sounds of a Chinese recording leave its words open: Σ −log2 p(word | sound) over its words, by the words'
 * frequencies. `counted` are the spans of accuracy: what lies in them goes to the overlap. Text that was read and not heard
 * has no such loss.
 */
export function homophoneLoss(
  perceptions: readonly Perception[],
  counted: readonly DoubtfulSpan[],
  dictionary: Dictionary | null,
): HomophoneLoss {
  const heard = perceptions.filter((one) => transcriptIn(one).length > 0);
  if (heard.length === 0) return none('Nothing was heard, and what is read has its characters.');
  const chinese = heard.filter((one) => transcriptIn(one).some(({ language }) => isMandarin(language)));
  if (chinese.length === 0) return none('Words of the same sound are known of Mandarin only.');
  if (!dictionary) return none('The words of Chinese are not here: `sensorium models pull chinese-words`.');
  let [bits, overlap, unheard] = [0, 0, 0];
  const spans: DoubtfulSpan[] = [];
  for (const perception of chinese) {
    const text = heardText(perception) ?? '';
    const isCounted = placesIn(text, counted, perception.part);
    for (const word of heardWords(text, dictionary)) {
      const claimed = word.others.some(({ text }) => isUnheard(word.text, text));
      if (claimed) unheard += 1;
      if (isCounted.subarray(word.start, word.end).includes(1)) {
        overlap += word.bits;
        continue;
      }
      bits += word.bits;
      if (word.bits >= LISTED_FROM_BITS && !claimed) spans.push(spanOf(perception.part, word));
    }
  }
  return {
    homophones: measured(bits, SOURCE),
    homophoneOverlap: measured(overlap, SOURCE),
    unheardWords: measured(unheard, SOURCE),
    spans,
  };
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
function isMandarin(language: string | null): boolean {
  return language !== null && /^(zh|cmn)(-(?!yue|wuu|nan)|$)/i.test(language);
}

function spanOf(part: string, { start, end, text, sound, others }: HeardWord): DoubtfulSpan {
  const by = `same-sound:${sound
    .split(' ')
    .map((syllable) => reading(syllable).written)
    .join(' ')}`;
  return {
    ...{ part, start, end, time: null, text, class: 'homophone' },
    ...{ pError: P_ERROR, pErrorKind: 'raw', pSource: [SOURCE] },
    alternatives: others
      .filter(({ share }) => share >= ALTERNATIVE_FROM_SHARE)
      .map(({ text, share }) => ({ text, p: Math.round(share * 1000) / 1000, by })),
  };
}
