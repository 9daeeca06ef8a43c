import type { PromptPiece } from '#contract/prompt-vectors.ts';
import { highest } from './chances.ts';
import type { Engine } from './engine.ts';
import type { Unit } from './prompt.ts';

/** What the model writes after a prompt, always the likeliest token, until it ends, `maxTokens` are there or the context is full. */
export async function write(
  engine: Engine,
  pieces: readonly PromptPiece[],
  maxTokens: number,
  signal: AbortSignal,
): Promise<string> {
  const units: Unit[] = [...engine.prompt(pieces).units];
  const written: Buffer[] = [];
  for (let count = 0; count < maxTokens; count++) {
    const [token = -1] = highest(await engine.last(units, signal), 1);
    if (engine.words.ends(token)) break;
    written.push(engine.words.bytes(token));
    if (units.length === engine.model.contextTokens) break;
    units.push(token);
  }
  return Buffer.concat(written).toString('utf8');
}
