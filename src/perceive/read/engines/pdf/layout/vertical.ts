import type { TextRun } from '#runtime/pdf/page.ts';
import type { Block } from './blocks.ts';

/** Lines further apart than this many times the size are of different paragraphs. */
const FAR = 2.2;
/** A line that ends this many times the size above the lowest one ends its paragraph. */
const SHORT = 1.5;

/** Vertical lines, read from the right to the left, as paragraphs; lines that stand below each other are read upper half first. */
export function verticalBlocks(runs: readonly TextRun[]): Block[] {
  const blocks: Block[] = [];
  for (const band of bandsOf(runs)) {
    const lowest = band.reduce((low, run) => Math.max(low, run.bottom), 0);
    let text = '';
    let last: TextRun | undefined;
    for (const run of [...band].sort((a, b) => b.baseline - a.baseline)) {
      const begins =
        last && (last.baseline - run.baseline > FAR * run.sizePt || last.bottom < lowest - SHORT * run.sizePt);
      if (begins) {
        blocks.push({ kind: 'paragraph', text });
        text = '';
      }
      text += run.text;
      last = run;
    }
    if (text !== '') blocks.push({ kind: 'paragraph', text });
  }
  return blocks;
}

function bandsOf(runs: readonly TextRun[]): TextRun[][] {
  const bands: { bottom: number; runs: TextRun[] }[] = [];
  for (const run of [...runs].sort((a, b) => a.top - b.top)) {
    const band = bands.find(({ bottom }) => run.top < bottom - run.sizePt);
    if (band) {
      band.runs.push(run);
      band.bottom = Math.max(band.bottom, run.bottom);
    } else bands.push({ bottom: run.bottom, runs: [run] });
  }
  return bands.map((band) => band.runs);
}
