import { mayBound, type Verdict, verdictAt } from './boundary.ts';
import { isBlank, isSpeakable } from './marks.ts';
import { opensPhrase } from './phrase.ts';
import { weightOf } from './weight.ts';

/**
 * A stretch of the text to speak at once. `start` and `end` are UTF-16 code units of the whole input (`end` exclusive).
 * Pieces follow each other without gap: joined, they are the input. A blank between two sentences leads the second.
 */
export interface SentencePiece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** `hard`: a sentence or line ended here; `soft`: cut at a pause or at the length limit; `end`: the text ended without one. */
  readonly boundary: 'hard' | 'soft' | 'end';
}

/** Lengths count Latin letters; an ideograph counts 3 and a digit 4, as they take that much longer to say. */
export interface SegmenterOptions {
  /** The very first piece may end at a comma once it is this long, so that sound starts early. Absent: it may not. */
  readonly firstMinChars?: number | undefined;
  /** The very first piece may end before a word that opens a phrase (“… | because it rains”) once it is this long. Absent: it may not. */
  readonly firstPhraseMinChars?: number | undefined;
  /** A sentence shorter than this is joined to the next one on its line. Default 0: every sentence stands alone. */
  readonly minChars?: number | undefined;
  /** Longer pieces are cut at the last comma, else at a blank, else between graphemes. Default 250. */
  readonly maxChars?: number | undefined;
}

export interface Segmenter {
  /** Takes more text and gives the pieces that are certain. */
  push(text: string): SentencePiece[];
  /** Gives what is left. Nothing may be pushed afterwards. */
  end(): SentencePiece[];
  /** For a timer: gives up waiting for closing quotes after 。！？; … that stand at the very end of the text so far. */
  release(): SentencePiece[];
  /** For a scheduler that runs dry: cuts at the last pause inside the unfinished sentence, if there is one. */
  takeSoft(): SentencePiece[];
}

/**
 * Makes a streaming sentence segmenter for Chinese, English and mixed text. Pieces depend on the text alone, never on how
 * it was chunked (unless `release` or `takeSoft` is called).
 */
export function createSegmenter(options: SegmenterOptions = {}): Segmenter {
  const {
    firstMinChars = Number.POSITIVE_INFINITY,
    firstPhraseMinChars = Number.POSITIVE_INFINITY,
    minChars = 0,
    maxChars = 250,
  } = options;
  const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

  let buffer = '';
  let bufferStart = 0; // offset of buffer[0] in the input
  let from = 0; // where the current piece begins, in buffer
  let scan = 0; // the next character to look at, in buffer
  let weight = 0;
  let limit = maxChars;
  let firstWordAt = -1; // the first letter or digit of the piece; before it there is nothing to say
  let quoteOpen = false;
  let quoteOpenAtFrom = false;
  let softCut = 0; // the last pause inside the piece, and how much of the piece stands before it
  let softWeight = 0;
  let blankCut = 0; // the same for the last blank
  let blankWeight = 0;
  let first = true;
  let ended = false;
  let pieces: SentencePiece[] = [];

  const give = (cut: number, boundary: SentencePiece['boundary']) => {
    const text = buffer.slice(from, cut);
    pieces.push({ text, start: bufferStart + from, end: bufferStart + cut, boundary });
    quoteOpen = quotesAfter(text, quoteOpenAtFrom);
    quoteOpenAtFrom = quoteOpen;
    from = cut;
    scan = cut;
    weight = 0;
    limit = maxChars;
    firstWordAt = -1;
    softCut = 0;
    blankCut = 0;
    first = false;
  };

  const forceCut = () => {
    let cut = from;
    // In the first third of the piece it would leave a crumb.
    if (softCut > from && softWeight * 3 >= maxChars) cut = softCut;
    else if (blankCut > from && blankWeight * 3 >= maxChars) cut = blankCut;
    else if (firstWordAt >= 0) cut = lastGrapheme();
    if (firstWordAt >= 0 && cut > firstWordAt) give(cut, 'soft');
    else limit *= 2;
  };

  // Only boundaries before `scan` are certain: the one at `scan` depends on a character not yet looked at.
  const lastGrapheme = () => {
    let last = from;
    for (const { index } of graphemes.segment(buffer.slice(from, scan))) last = from + index;
    return last;
  };

  const onBoundary = (verdict: Verdict & { kind: 'boundary' }) => {
    const { strength, cut } = verdict;
    const newWeight = weight + cut - scan;
    const wanted =
      strength === 'line' ||
      (strength === 'hard' && newWeight >= minChars) ||
      (strength === 'soft' && first && newWeight >= firstMinChars);
    if (firstWordAt >= 0 && wanted) {
      give(cut, strength === 'soft' ? 'soft' : 'hard');
      return;
    }
    if (firstWordAt >= 0) {
      softCut = cut;
      softWeight = newWeight;
    }
    pass(cut, newWeight);
  };

  const pass = (to: number, newWeight: number) => {
    quoteOpen = quotesAfter(buffer.slice(scan, to), quoteOpen);
    scan = to;
    weight = newWeight;
  };

  const run = (stop: 'at-question' | 'release') => {
    while (scan < buffer.length) {
      if (weight >= limit) {
        forceCut();
        continue;
      }
      const unit = buffer[scan] ?? '';
      if (mayBound(unit)) {
        const verdict = verdictAt({ text: buffer, from, ended: ended || stop === 'release', quoteOpen }, scan);
        if (verdict.kind === 'wait' || verdict.kind === 'held') return;
        if (verdict.kind === 'boundary') onBoundary(verdict);
        else pass(verdict.next, weight + verdict.next - scan);
        continue;
      }
      const character = String.fromCodePoint(buffer.codePointAt(scan) ?? 0);
      if (character.length === 1 && unit >= '\ud800' && unit <= '\udbff' && scan + 1 === buffer.length && !ended)
        return;
      if (firstWordAt < 0 && isSpeakable(character)) firstWordAt = scan;
      else if (firstWordAt >= 0 && isBlank(character)) {
        if (first && weight >= firstPhraseMinChars) {
          const opens = opensPhrase(buffer, scan, ended);
          if (opens === 'wait') return;
          if (opens) {
            give(scan, 'soft');
            continue;
          }
        }
        blankCut = scan;
        blankWeight = weight;
      }
      if (character === '"') quoteOpen = !quoteOpen;
      weight += weightOf(character);
      scan += character.length;
    }
  };

  const taken = () => {
    const given = pieces;
    pieces = [];
    buffer = buffer.slice(from);
    bufferStart += from;
    scan -= from;
    softCut -= from;
    firstWordAt = firstWordAt < 0 ? -1 : firstWordAt - from;
    blankCut -= from;
    from = 0;
    return given;
  };

  return {
    push(text) {
      buffer += text;
      run('at-question');
      return taken();
    },
    end() {
      ended = true;
      run('at-question');
      if (from < buffer.length) give(buffer.length, 'end');
      return taken();
    },
    release() {
      const verdict =
        scan < buffer.length && mayBound(buffer[scan] ?? '')
          ? verdictAt({ text: buffer, from, ended: false, quoteOpen }, scan)
          : null;
      if (verdict?.kind === 'held') run('release');
      return taken();
    },
    takeSoft() {
      if (softCut > from) {
        give(softCut, 'soft');
        run('at-question');
      }
      return taken();
    },
  };
}

function quotesAfter(text: string, open: boolean): boolean {
  let now = open;
  for (const unit of text) {
    if (unit === '"') now = !now;
    else if (unit === '\n') now = false;
  }
  return now;
}
