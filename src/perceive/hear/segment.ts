import { deflateSync } from 'node:zlib';
import type { TimeSpan } from '#contract/finding.ts';
import type { Segment, Token, Word } from '#contract/perception.ts';
import { foldTokens, tokenText } from './fold.ts';
import { interpolate, withinOneSpan } from './place.ts';
import { joinWords } from './script.ts';

/** A token a recogniser wrote. `bytes` is its UTF-8 spelling. */
export interface HeardToken {
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly logprob: number | null;
}

/** What a recogniser wrote for one piece of sound, with each token's time where the model gave one. */
export interface Heard {
  readonly speech: readonly TimeSpan[];
  readonly tokens: readonly HeardToken[];
  readonly times: { readonly spans: readonly TimeSpan[]; readonly source: Word['timeSource'] } | null;
  /** Where the probabilities come from, such as `token-logprob:moonshine-tiny`. */
  readonly confidenceSource: string;
}

/** Makes the segment of one piece: words with times and confidence. `null` when the tokens spell no word. */
export function segmentOf(heard: Heard): Segment | null {
  const folded = foldTokens(heard.tokens);
  const { times, speech } = heard;
  const spans = times
    ? folded.map((word) => ({
        startMs: times.spans[word.first]?.startMs ?? 0,
        endMs: times.spans[word.last]?.endMs ?? 0,
      }))
    : interpolate(
        folded.map((word) => word.text),
        speech,
      );
  const words = folded.map((word, at): Word => {
    const { startMs, endMs } = withinOneSpan(spans[at] ?? { startMs: 0, endMs: 0 }, speech);
    return {
      text: word.text,
      startMs: Math.round(startMs),
      endMs: Math.round(endMs),
      confidence: word.confidence,
      confidenceSource: word.confidence === null ? null : heard.confidenceSource,
      timeSource: times?.source ?? 'interpolated',
      tokens: heard.tokens.slice(word.first, word.last + 1).map(tokenOf),
    };
  });
  return words.length === 0 ? null : segmentFrom(words);
}

function tokenOf({ id, bytes, logprob }: HeardToken): Token {
  const text = tokenText(bytes);
  return text.includes('\ufffd') ? { id, text, logprob, bytes: [...bytes] } : { id, text, logprob };
}

/** A segment of these words, which must not be none. */
export function segmentFrom(words: readonly Word[]): Segment {
  const text = joinWords(words.map((word) => word.text));
  return {
    startMs: words[0]?.startMs ?? 0,
    endMs: words.at(-1)?.endMs ?? 0,
    text,
    words: [...words],
    meanLogprob: meanLogprob(words),
    compressionRatio: compressionRatio(text),
    noSpeechProbability: null,
  };
}

/** Mean natural-log probability over all tokens of the words; `null` when one of them has none. */
export function meanLogprob(words: readonly Word[]): number | null {
  const logprobs = words.flatMap((word) => word.tokens.map((token) => token.logprob));
  let sum = 0;
  for (const logprob of logprobs) {
    if (logprob === null) return null;
    sum += logprob;
  }
  return logprobs.length === 0 ? null : sum / logprobs.length;
}

/** Bytes of the text over bytes of the text compressed with zlib, as Whisper reckons it: high when text repeats itself. */
function compressionRatio(text: string): number {
  const bytes = Buffer.from(text);
  return bytes.length / deflateSync(bytes).length;
}
