import type { GateCheck } from '#contract/gate.ts';
import type { PromptVectors } from '#contract/prompt-vectors.ts';
import { failed, passed } from './verdict.ts';

/** What vectors must fit into. */
export interface WireLimits {
  /** The model's input width. */
  readonly width: number;
  /** Most rows of one part; 16,384 where nothing is said, more than any context that serves people. */
  readonly maxRows?: number | undefined;
  /** Tokens of context that are free for them; unknown where nothing is said. */
  readonly roomTokens?: number | undefined;
}

const MAX_ROWS = 16_384;

/** Whether vectors have the shape and the numbers an engine can take: engines look at neither, and answer all the same. */
export function checkWire(vectors: PromptVectors, { width, maxRows = MAX_ROWS, roomTokens }: WireLimits): GateCheck {
  const { rows, values } = vectors;
  if (vectors.width !== width) {
    return failed('wire', 'refused', 'EMB_WIDTH', {
      ...{ value: vectors.width, measured: `width ${vectors.width}`, threshold: `width ${width}` },
      message: `The vectors are ${vectors.width} wide and the model’s input is ${width}.`,
      remedy: 'A vector of a search is not a prompt: use a component made for this model.',
    });
  }
  if (!Number.isInteger(rows) || rows < 1 || values.length !== rows * width) {
    return failed('wire', 'refused', 'EMB_SHAPE', {
      ...{ measured: `${values.length} numbers for ${rows} rows`, threshold: `rows × ${width}, one row at least` },
      message: 'The numbers do not make whole rows.',
      remedy: 'Send rows × width numbers, dense, row after row.',
    });
  }
  const most = Math.min(maxRows, roomTokens ?? maxRows);
  if (rows > most) {
    return failed('wire', 'refused', 'EMB_TOO_LARGE', {
      ...{ value: rows, measured: `${rows} rows`, threshold: `at most ${most}` },
      message: `${rows} vectors do not fit ${most === maxRows ? 'the limit' : 'into what is left of the context'}.`,
      remedy: 'Cut the medium into shorter parts, or serve the model with more context.',
    });
  }
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const row = Math.floor(bad / width);
    return failed('wire', 'refused', 'EMB_NOT_FINITE', {
      ...{ value: row, measured: `row ${row} has ${values[bad]}`, threshold: 'finite numbers' },
      message: `Row ${row} is not finite: the engine would answer without an error, and garbage.`,
      remedy: 'Look for a division by zero or an overflow in the component.',
    });
  }
  return passed('wire', `${rows} rows of ${width} finite numbers.`, { measured: `${rows} × ${width}` });
}
