/** A stretch of text as it comes: with its times in a recording, or the page it stands on. */
export interface Passage {
  readonly text: string;
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly page: number | null;
}

export interface CutOptions {
  /** Longest piece, in tokens as they are estimated here. */
  readonly maxTokens: number;
  /** How much a piece repeats of the one before it; at most half of the longest. */
  readonly overlap: number;
}

interface Unit extends Passage {
  readonly tokens: number;
}

const sentences = new Intl.Segmenter('und', { granularity: 'sentence' });
const words = new Intl.Segmenter('und', { granularity: 'word' });

/**
 * Cuts passages into pieces of whole sentences, in any language whose sentences Unicode (UAX 29) can tell, Chinese and English among
 * them. A sentence that is too long alone is cut between words. Pieces keep the times of what they are made of, and never reach from one
 * page to the next. Nothing of the text is left out but white space around pieces.
 */
export function cut(passages: readonly Passage[], options: CutOptions): Passage[] {
  const pieces: Passage[] = [];
  for (const group of byPage(passages))
    pieces.push(
      ...grouped(
        group.flatMap((one) => unitsOf(one, options)),
        options,
      ),
    );
  return pieces;
}

/** Cuts one piece in two, where its embedder counts more tokens than were estimated; `null` where there is nothing to cut. */
export function halved(piece: Passage): readonly [Passage, Passage] | null {
  const half = Math.max(1, Math.floor(estimatedTokens(piece.text) / 2));
  const [first, ...rest] = cut([piece], { maxTokens: half, overlap: 0 });
  if (!first || rest.length === 0) return null;
  return [first, { ...first, text: rest.map(({ text }) => text).reduce(joined) }];
}

/**
 * About how many tokens a text has: one for each Han character, kana and mark, and one for every six letters of a word. Only a guess: what an
 * embedder counts may be more, and then it says so and the piece is cut again.
 */
export function estimatedTokens(text: string): number {
  let tokens = 0;
  for (const [run] of text.matchAll(
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{M}]+|\p{N}+|[^\s]/gu,
  )) {
    tokens += /^\p{N}/u.test(run) ? Math.ceil(run.length / 3) : Math.ceil(run.length / 6);
  }
  return tokens;
}

function byPage(passages: readonly Passage[]): Passage[][] {
  const groups: Passage[][] = [];
  for (const passage of passages) {
    const last = groups.at(-1);
    if (last && last[0]?.page === passage.page) last.push(passage);
    else groups.push([passage]);
  }
  return groups;
}

function unitsOf(passage: Passage, { maxTokens }: CutOptions): Unit[] {
  return [...sentences.segment(passage.text)].flatMap(({ segment }) => {
    const tokens = estimatedTokens(segment);
    if (tokens === 0) return [];
    return tokens <= maxTokens ? [{ ...passage, text: segment, tokens }] : betweenWords(segment, passage, maxTokens);
  });
}

function betweenWords(sentence: string, passage: Passage, maxTokens: number): Unit[] {
  const units: Unit[] = [];
  let text = '';
  let tokens = 0;
  const end = () => {
    if (tokens > 0) units.push({ ...passage, text, tokens });
    text = '';
    tokens = 0;
  };
  for (const word of [...words.segment(sentence)].flatMap(({ segment }) => shortEnough(segment, maxTokens))) {
    const more = estimatedTokens(word);
    if (tokens + more > maxTokens) end();
    text += word;
    tokens += more;
  }
  end();
  return units;
}

/** A “word” may be a page of letters without a space. */
function shortEnough(word: string, maxTokens: number): string[] {
  if (estimatedTokens(word) <= maxTokens) return [word];
  const characters = [...word];
  const length = Math.max(1, maxTokens);
  return Array.from({ length: Math.ceil(characters.length / length) }, (_, at) =>
    characters.slice(at * length, (at + 1) * length).join(''),
  );
}

function grouped(units: readonly Unit[], { maxTokens, overlap }: CutOptions): Passage[] {
  const pieces: Passage[] = [];
  for (let from = 0; from < units.length; ) {
    let to = from;
    let tokens = 0;
    for (; to < units.length; to++) {
      const more = units[to]?.tokens ?? 0;
      if (to > from && tokens + more > maxTokens) break;
      tokens += more;
    }
    pieces.push(pieceOf(units.slice(from, to)));
    if (to >= units.length) break;
    from = Math.max(from + 1, overlapFrom(units, to, Math.min(overlap, maxTokens >> 1)));
  }
  return pieces;
}

function overlapFrom(units: readonly Unit[], to: number, overlap: number): number {
  let from = to;
  for (
    let shared = units[from - 1]?.tokens ?? 0;
    from > 0 && shared <= overlap;
    shared += units[from - 1]?.tokens ?? 0
  ) {
    from--;
    if (from === 0) break;
  }
  return from;
}

function pieceOf(units: readonly Unit[]): Passage {
  const starts = units.flatMap(({ fromMs }) => fromMs ?? []);
  const ends = units.flatMap(({ toMs }) => toMs ?? []);
  return {
    text: units
      .map(({ text }) => text)
      .reduce(joined, '')
      .trim(),
    fromMs: starts.length === 0 ? null : Math.min(...starts),
    toMs: ends.length === 0 ? null : Math.max(...ends),
    page: units[0]?.page ?? null,
  };
}

/** Puts two stretches together, with a space between them where their language has any. */
function joined(before: string, after: string): string {
  if (before === '' || /\s$/u.test(before) || /^\s/u.test(after)) return before + after;
  const isWide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u;
  return isWide.test(before.slice(-1)) || isWide.test(after.slice(0, 1)) ? before + after : `${before} ${after}`;
}
