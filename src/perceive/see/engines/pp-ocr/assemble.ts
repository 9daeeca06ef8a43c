import { lossOf } from '#contract/loss.ts';
import type { TextLine } from '#contract/perception.ts';
import type { CallContext, ReadText } from '#contract/ports.ts';
import { frameOf, inFrame, isTurned } from '../../layout/frame.ts';
import { layOut } from '../../layout/layout.ts';
import { lossesOf } from '../../losses.ts';
import { completed } from './complete.ts';
import type { ReadLine } from './lines.ts';
import { MISSING } from './missing.ts';
import { ID } from './model.ts';
import type { ReadReply } from './worker.ts';

const NO_RULES = { across: [], down: [] };

/** Puts the lines that were read in order, and notes what was lost. */
export function assembled(found: ReadReply, part: string, note: CallContext['note']): ReadText {
  const read = found.lines.map(lineOf);
  const placed = read.map(({ text, box, direction }) => ({ text, box, vertical: direction === 'vertical' }));
  const frame = frameOf(placed);
  const isLevel = frame.quarters === 0 && frame.tilt === 0;
  const { text, starts, unsure } = layOut(inFrame(placed, frame), isLevel ? found.rules : NO_RULES);
  const lines = starts.flatMap(({ line, start }) => (read[line] ? { ...read[line], start } : []));
  for (const loss of lossesOf(lines, part, ID)) note(loss);
  const turned = placed.flatMap((line, at) => (isTurned(line, frame) ? [at] : []));
  const guessed = new Set([...unsure, ...turned]).size;
  if (guessed > 0) {
    note(
      lossOf({
        kind: 'layout',
        stage: 'perceive',
        part,
        engine: ID,
        extent: guessed,
        unit: 'lines',
        certainty: 'estimated',
        message: `${guessed} pieces of writing stand in no clear order.`,
        action: 'read from left to right and from top to bottom',
      }),
    );
  }
  return { text, lines };
}

function lineOf(line: ReadLine): TextLine {
  const characters = completed(line.characters, line.ink);
  const known = characters.flatMap(({ probability }) => probability ?? []);
  return {
    text: characters.map((one) => one.text).join(''),
    start: null,
    box: line.box.map(([x, y]) => [x, y]),
    direction: line.turn === 'column' ? 'vertical' : 'horizontal',
    heightPx: line.heightPx,
    characters,
    confidence: known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0) / known.length,
    confidenceSource: known.length === 0 ? null : `ctc:${ID}`,
    unwritable: characters.some(({ text, probability }) => text === MISSING && probability === null),
  };
}
