import { lossOf } from '#contract/loss.ts';
import type { TextLine } from '#contract/perception.ts';
import type { Reader } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { type LineOptions, startWorker, workerModule } from '#runtime/worker/host.ts';
import { frameOf, inFrame, isTurned } from '../../layout/frame.ts';
import { layOut } from '../../layout/layout.ts';
import { lossesOf } from '../../losses.ts';
import { readAlphabet } from './alphabet.ts';
import { completed } from './complete.ts';
import type { ReadLine } from './lines.ts';
import { MISSING } from './missing.ts';
import { ID } from './model.ts';
import type { ReadCall, ReadReply } from './worker.ts';

const NO_RULES = { across: [], down: [] };

/**
 * PP-OCRv4 mobile: printed Chinese (mostly simplified) and English, in any direction, with the probability of every character.
 * `modelDir` holds the model's files; `threads` are those of its own process.
 */
export function ppOcr(
  modelDir: string,
  { threads = 2, maxWaiting }: { readonly threads?: number } & LineOptions = {},
): Reader {
  const worker = startWorker(workerModule(import.meta.url), { maxWaiting });
  const alphabet = new Set(readAlphabet(modelDir));
  return {
    id: ID,
    capabilities: { languages: ['zh', 'en'], characterProbabilities: true },
    canWrite: (character) => alphabet.has(character),
    async read({ part, pixels }, { signal, note }) {
      throwIfCancelled(signal);
      const call: ReadCall = { modelDir, pixels, threads };
      const found = await worker.call<ReadReply>('read', call, signal);
      const read = found.lines.map(lineOf);
      const frame = frameOf(read.map(placed));
      const isLevel = frame.quarters === 0 && frame.tilt === 0;
      const { text, starts, unsure } = layOut(inFrame(read.map(placed), frame), isLevel ? found.rules : NO_RULES);
      const lines = starts.flatMap(({ line, start }) => ({ ...(read[line] as TextLine), start }));
      for (const loss of lossesOf(lines, part, ID)) note(loss);
      const guessed = new Set([...unsure, ...read.flatMap((line, at) => (isTurned(placed(line), frame) ? [at] : []))]);
      if (guessed.size > 0) {
        note(
          lossOf({
            kind: 'layout',
            stage: 'perceive',
            part,
            engine: ID,
            extent: guessed.size,
            unit: 'lines',
            certainty: 'estimated',
            message: `${guessed.size} pieces of writing stand in no clear order.`,
            action: 'read from left to right and from top to bottom',
          }),
        );
      }
      return { text, lines };
    },
    close: () => worker.close(),
  };
}

function placed({ text, box, direction }: TextLine) {
  return { text, box, vertical: direction === 'vertical' };
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
