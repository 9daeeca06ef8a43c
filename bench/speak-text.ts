import { createSegmenter, createSpeechFilter } from '#speak/text/index.ts';
import { gold } from '#speak/text/segmenter/__fixtures__/gold.ts';
import { normaliseForSpeech } from '#spoken/index.ts';

// Prints how the sentence segmenter compares with Intl.Segmenter on the hand-cut texts, and how fast the text half is.

const trimmed = (pieces: readonly string[]) => pieces.map((piece) => piece.trim()).filter((piece) => piece !== '');

function ours(text: string): string[] {
  const segmenter = createSegmenter();
  return [...segmenter.push(text), ...segmenter.end()].map((piece) => piece.text);
}

function builtIn(text: string): string[] {
  const segmenter = new Intl.Segmenter('zh', { granularity: 'sentence' });
  return [...segmenter.segment(text)].map((piece) => piece.segment);
}

console.log('group   texts   ours   Intl.Segmenter   (texts cut exactly as by hand)');
for (const group of ['en', 'zh', 'mixed'] as const) {
  const cases = gold.filter((item) => item.group === group);
  const exact = (cut: (text: string) => string[]) =>
    cases.filter(({ pieces }) => trimmed(cut(pieces.join(''))).join('|') === trimmed(pieces).join('|')).length;
  console.log(`${group.padEnd(8)}${String(cases.length).padEnd(8)}${String(exact(ours)).padEnd(7)}${exact(builtIn)}`);
}

const sample = gold.map(({ pieces }) => pieces.join('')).join('\n');
const long = `${sample}\n`.repeat(300);

function rate(bytes: number, work: () => void): string {
  const runs = Array.from({ length: 5 }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  }).sort((a, b) => a - b);
  return `${(bytes / 1000 / (runs[2] ?? Number.NaN)).toFixed(1)} MB/s`;
}

function inChunks(text: string, take: (chunk: string) => void) {
  for (let at = 0; at < text.length; at += 4) take(text.slice(at, at + 4));
}

const bytes = Buffer.byteLength(long);
console.log(`\nmedian of 5 runs over ${(bytes / 1e6).toFixed(1)} MB, chunks of 4 characters`);
console.log(
  'segmenter ',
  rate(bytes, () => {
    const segmenter = createSegmenter();
    inChunks(long, (chunk) => segmenter.push(chunk));
    segmenter.end();
  }),
);
console.log(
  'filter    ',
  rate(bytes, () => {
    const filter = createSpeechFilter();
    inChunks(long, (chunk) => filter.push(chunk));
    filter.end();
  }),
);
const sentences = gold.flatMap(({ pieces }) => pieces);
for (const language of ['en', 'zh']) {
  const work = () => {
    for (let i = 0; i < 10; i += 1) for (const sentence of sentences) normaliseForSpeech(sentence, { language });
  };
  console.log(`normalise ${language}`, rate(Buffer.byteLength(sentences.join('')) * 10, work));
}
