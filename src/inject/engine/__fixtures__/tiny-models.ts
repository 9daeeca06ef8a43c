import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ggufBytes, tinyLlama } from '../../../ask/dialects/local-mtmd/__fixtures__/tiny-gguf.ts';

/** A model with random weights, one layer deep and 64 wide. */
export function writeTinyLlama(folder: string): string {
  const path = join(folder, 'tiny-llama.gguf');
  writeFileSync(path, ggufBytes(tinyLlama()));
  return path;
}

/** The same as a Gemma 3: it multiplies the rows of its tokens by √64, and rows that are handed to it by nothing. */
export function writeTinyGemma(folder: string): string {
  const path = join(folder, 'tiny-gemma.gguf');
  const { keys, tensors } = tinyLlama();
  const named = Object.entries(keys).map(([key, value]) => [key.replace(/^llama\./, 'gemma3.'), value] as const);
  const architecture = { type: 'string', value: 'gemma3' } as const;
  const headWidth = { type: 'u32', value: 16 } as const;
  const ones = (width: number) => ({ shape: [width], values: new Float32Array(width).fill(1) });
  const gemma = {
    keys: {
      ...Object.fromEntries(named),
      'general.architecture': architecture,
      'gemma3.attention.key_length': headWidth,
      'gemma3.attention.value_length': headWidth,
    },
    tensors: {
      ...tensors,
      'blk.0.attn_q_norm.weight': ones(16),
      'blk.0.attn_k_norm.weight': ones(16),
      'blk.0.post_attention_norm.weight': ones(64),
      'blk.0.post_ffw_norm.weight': ones(64),
    },
  };
  writeFileSync(path, ggufBytes(gemma));
  return path;
}
