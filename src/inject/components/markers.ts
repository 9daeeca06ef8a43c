/** What a marker stands for. */
export type MarkerKind = 'pause' | 'emotion' | 'speaker';

export const MARKER_KINDS: readonly MarkerKind[] = ['pause', 'emotion', 'speaker'];

/** A marker: what it is and the words for it, which the surrogate has and of whose rows its vector is the mean. */
export interface Marker {
  readonly kind: MarkerKind;
  readonly words: string;
}

/** Recognisers' labels for emotions, in words of both languages. What is not here is no marker: it stays as it is written. */
const EMOTIONS = new Map([
  ['happy', { zh: '高兴', en: 'happy' }],
  ['sad', { zh: '悲伤', en: 'sad' }],
  ['angry', { zh: '生气', en: 'angry' }],
  ['neutral', { zh: '平静', en: 'calm' }],
  ['fearful', { zh: '害怕', en: 'afraid' }],
  ['disgusted', { zh: '厌恶', en: 'disgusted' }],
  ['surprised', { zh: '惊讶', en: 'surprised' }],
]);

/** A pause of this length or more is called long: a second is well beyond what breathing takes. */
const LONG_PAUSE_MS = 1000;

/** The marker for a pause of so many milliseconds; `null` where nobody measured it is a pause all the same. */
export function pauseMarker(ms: number | null, language: 'zh' | 'en'): Marker {
  const isLong = ms !== null && ms >= LONG_PAUSE_MS;
  const words = language === 'zh' ? (isLong ? '长停顿' : '停顿') : isLong ? 'long pause' : 'pause';
  return { kind: 'pause', words };
}

/** The marker for an emotion as a recogniser labels it (`happy`, `SAD`), `maybe` where nobody measured how sure it is; `null` for one without words here. */
export function emotionMarker(label: string, maybe: boolean, language: 'zh' | 'en'): Marker | null {
  const words = EMOTIONS.get(label.toLowerCase())?.[language];
  if (words === undefined) return null;
  return { kind: 'emotion', words: maybe ? (language === 'zh' ? `疑似${words}` : `maybe ${words}`) : words };
}

/** The marker for who speaks: `1`, `2`, … in order of appearance. */
export function speakerMarker(speaker: string, language: 'zh' | 'en'): Marker {
  return { kind: 'speaker', words: language === 'zh' ? `说话人${speaker}` : `speaker ${speaker}` };
}

/** How a marker is written where words are read: `[停顿]`. */
export function written({ words }: Marker): string {
  return `[${words}]`;
}

/**
 * One vector for a marker: the mean of the rows of its words, as long as they are in the mean (a plain mean is shorter, and some models read
 * short rows as noise). Its direction lies among own rows by construction; whether the model reads it as what it is for is for the
 * gate's usefulness check to say.
 */
export function meanRow(rows: Float32Array, width: number): Float32Array {
  const mean = new Float32Array(width);
  const count = rows.length / width;
  let wanted = 0;
  for (let at = 0; at < count; at++) {
    const row = rows.subarray(at * width, (at + 1) * width);
    wanted += lengthOf(row) / count;
    for (const [column, value] of row.entries()) mean[column] = (mean[column] ?? 0) + value / count;
  }
  const norm = lengthOf(mean);
  return norm === 0 ? mean : mean.map((value) => (value * wanted) / norm);
}

function lengthOf(row: Float32Array): number {
  return Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
}
