import { loadOptional } from './optional.ts';

/** llama.cpp for Node, loaded when first needed. Only worker processes should use it. */
export function loadLlama(): Promise<typeof import('node-llama-cpp')> {
  return loadOptional('node-llama-cpp', () => import('node-llama-cpp'));
}
