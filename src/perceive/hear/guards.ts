import type { TimeSpan } from '#contract/finding.ts';
import type { Loss } from '#contract/loss.ts';
import type { Segment } from '#contract/perception.ts';
import { isSpaceless } from './script.ts';

/** What a guard found wrong with a segment. `drop` says that the text must not be passed on. */
export interface Suspicion {
  readonly kind: Extract<Loss['kind'], 'repetition' | 'compression' | 'improbable-text'>;
  readonly extent: number;
  readonly unit: string;
  readonly message: string;
  readonly drop: boolean;
}

/** Above this the text repeats itself; Whisper's reference code uses the same limit (openai/whisper, transcribe.py). */
const COMPRESSION_LIMIT = 2.4;
/** Below this mean natural-log probability the text is not what was said; the limit of Whisper's reference code. */
const LOGPROB_FLOOR = -1;
/** Text that repeats itself is dropped below this; clear English speech stays above −0.2. */
const SURE_LOGPROB = -0.3;
/** Letters a second of voice. Fast English speech reaches about 22; a Chinese character counts as three letters. */
const LETTERS_PER_SECOND_LIMIT = 35;

/**
 * Looks for signs that a recogniser made its text up: loops, text that compresses too well, improbable text, and more
 * text than anyone can say in the time. `speech` is where a voice was found.
 */
export function suspicionsOf(segment: Segment, speech: readonly TimeSpan[]): Suspicion[] {
  const found: Suspicion[] = [];
  const unsure = segment.meanLogprob === null || segment.meanLogprob < SURE_LOGPROB;
  const loop = longestLoop(segment.words.map((word) => plain(word.text)));
  if (loop) {
    found.push({
      kind: 'repetition',
      extent: loop.words,
      unit: 'words',
      message: `The recogniser went round in a loop: ${loop.words} words repeat the same ${loop.period}.`,
      drop: unsure && loop.words * 2 > segment.words.length,
    });
  }
  if (segment.compressionRatio !== null && segment.compressionRatio > COMPRESSION_LIMIT) {
    found.push({
      kind: 'compression',
      extent: segment.compressionRatio,
      unit: 'ratio',
      message: `The text compresses ${segment.compressionRatio.toFixed(1)} times; above ${COMPRESSION_LIMIT} it repeats itself.`,
      drop: unsure,
    });
  }
  if (segment.meanLogprob !== null && segment.meanLogprob < LOGPROB_FLOOR) {
    found.push({
      kind: 'improbable-text',
      extent: segment.meanLogprob,
      unit: 'mean log-probability',
      message: `The recogniser itself finds this text improbable (mean log-probability ${segment.meanLogprob.toFixed(2)}).`,
      drop: true,
    });
  }
  const { letters, voicedMs } = rateOf(segment, speech);
  // One short word may carry a trimmed time; a rate means something from one second on.
  const rate = letters / Math.max(1, voicedMs / 1000);
  if (rate > LETTERS_PER_SECOND_LIMIT) {
    found.push({
      kind: 'improbable-text',
      extent: rate,
      unit: 'letters per second',
      message: `Nobody speaks ${Math.round(rate)} letters a second: the text holds more than was said.`,
      drop: true,
    });
  }
  return found;
}

/**
 * The longest stretch of words that repeats one pattern: three times or more (a pattern of one or two words, five times),
 * or almost twice where a long pattern breaks off in the middle, as it does when a recogniser runs into its limit.
 */
export function longestLoop(words: readonly string[]): { period: number; words: number } | null {
  let best: { period: number; words: number } | null = null;
  for (let period = 1; period <= words.length / 1.75; period += 1) {
    let run = 0;
    for (let at = period; at <= words.length; at += 1) {
      if (at < words.length && repeats(words, at, period)) {
        run += 1;
        continue;
      }
      const covered = run + period;
      const brokenOff = at === words.length && run % period !== 0 && period >= 6 && covered >= period * 1.75;
      const loops = run > 0 && (covered >= period * (period < 3 ? 5 : 3) || brokenOff);
      if (loops && covered > (best?.words ?? 0)) best = { period, words: covered };
      run = 0;
    }
  }
  return best;
}

// The last word may have been cut off with the rest.
function repeats(words: readonly string[], at: number, period: number): boolean {
  const [before = '', here = ''] = [words[at - period], words[at]];
  return at === words.length - 1 ? here !== '' && before.startsWith(here) : before === here;
}

/** How many letters a segment has (a Chinese character counts as three) and how much voiced time. */
export function rateOf(segment: Segment, speech: readonly TimeSpan[]): { letters: number; voicedMs: number } {
  const { startMs, endMs } = segment;
  const voicedMs = speech.reduce(
    (sum, span) => sum + Math.max(0, Math.min(endMs, span.endMs) - Math.max(startMs, span.startMs)),
    0,
  );
  let letters = 0;
  for (const character of segment.text) letters += isSpaceless(character) ? 3 : 1;
  return { letters, voicedMs };
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}']/gu, '');
}
