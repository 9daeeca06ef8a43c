import type { PromptPiece } from '#contract/prompt-vectors.ts';
import type { Engine } from './engine.ts';
import { generate } from './generate.ts';

/** What the model writes after a prompt, always the likeliest token, until it ends, `maxTokens` are there or the context is full. */
export async function write(
  engine: Engine,
  pieces: readonly PromptPiece[],
  maxTokens: number,
  signal: AbortSignal,
): Promise<string> {
  const greedy = { maxTokens, temperature: 0, topP: 1, seed: null, top: null };
  const written: Buffer[] = [];
  for await (const { bytes } of generate(engine, engine.prompt(pieces), greedy, signal)) written.push(bytes);
  return Buffer.concat(written).toString('utf8');
}
