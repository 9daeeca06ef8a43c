import type { Dictionary, Piece, Prefix } from './dictionary.ts';

/** All ways to cut a text into words, by their best scores: `before[i]` of what stands before code unit `i`, `after[i]` of what comes from it on. */
export interface Lattice {
  readonly before: Float64Array;
  readonly after: Float64Array;
  /** The most probable cut; what is no Chinese is in no piece and costs nothing. */
  readonly pieces: readonly Piece[];
  /** Base-2 logarithm of the most probable cut's probability, words taken as independent. */
  readonly bits: number;
}

/** Cuts a text into its most probable words (Viterbi over the words' frequencies) and keeps what every place scores. */
export function latticeOf(text: string, dictionary: Dictionary): Lattice {
  const length = text.length;
  const before = new Float64Array(length + 1).fill(Number.NEGATIVE_INFINITY);
  const after = new Float64Array(length + 1).fill(Number.NEGATIVE_INFINITY);
  const from = new Int32Array(length + 1);
  const last = new Int32Array(length + 1);
  const edges = edgesOf(text, dictionary);
  before[0] = 0;
  for (const { start, end, word, bits } of edges) {
    const reached = (before[start] ?? 0) + bits;
    if (reached <= (before[end] ?? 0)) continue;
    before[end] = reached;
    from[end] = start;
    last[end] = word;
  }
  after[length] = 0;
  for (let at = edges.length - 1; at >= 0; at -= 1) {
    const edge = edges[at];
    if (edge) after[edge.start] = Math.max(after[edge.start] ?? 0, (after[edge.end] ?? 0) + edge.bits);
  }
  const pieces: Piece[] = [];
  for (let end = length; end > 0; end = from[end] ?? 0) {
    const word = last[end] ?? NOT_CHINESE;
    if (word !== NOT_CHINESE) pieces.push({ start: from[end] ?? 0, end, word });
  }
  return { before, after, pieces: pieces.reverse(), bits: before[length] ?? 0 };
}

/** Whether a UTF-16 code unit is a Chinese character of the basic plane: the dictionary has no other words. */
export function isHanUnit(unit: number): boolean {
  return (unit >= 0x4e00 && unit <= 0x9fff) || (unit >= 0x3400 && unit <= 0x4dbf) || unit === 0x3007;
}

/** A text's code unit as the dictionary has it. A stray traditional character is no other word, and no error of hearing. */
export function unitAt(text: string, at: number, dictionary: Dictionary): number {
  return dictionary.simplified(text.charCodeAt(at));
}

interface Edge extends Piece {
  readonly bits: number;
}

const NOT_CHINESE = -2;

/** Every word at every place, in order of where it starts. */
function edgesOf(text: string, dictionary: Dictionary): Edge[] {
  const edges: Edge[] = [];
  for (let start = 0; start < text.length; start += 1) {
    if (!isHanUnit(text.charCodeAt(start))) {
      edges.push({ start, end: start + 1, word: NOT_CHINESE, bits: 0 });
      continue;
    }
    let alone = -1;
    let prefix: Prefix | undefined = dictionary.step(dictionary.all, unitAt(text, start, dictionary));
    for (let end = start + 1; prefix; end += 1) {
      const word = dictionary.wordAt(prefix);
      if (end === start + 1) alone = word;
      else if (word >= 0) edges.push({ start, end, word, bits: dictionary.logProbability(word) });
      if (end >= text.length) break;
      prefix = dictionary.step(prefix, unitAt(text, end, dictionary));
    }
    const bits = alone < 0 ? dictionary.unknown : dictionary.logProbability(alone);
    edges.push({ start, end: start + 1, word: alone, bits });
  }
  return edges;
}
