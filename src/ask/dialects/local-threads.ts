import { availableParallelism } from 'node:os';

/**
 * llama.cpp's threads wait for each other after every layer, spinning. One that shares its core with other work (the voice
 * being synthesised) holds up all: measured here, two threads on two busy cores wrote 1–3 tokens/s, one thread 26–33.
 * So a core is left to the rest; beyond eight threads small models gain little.
 */
const MOST_THREADS = 8;

/** How many threads a local model gets of those that are wished for. */
export function threadsFor(wished: number | undefined): number {
  return Math.min(wished ?? MOST_THREADS, Math.max(1, availableParallelism() - 1));
}
