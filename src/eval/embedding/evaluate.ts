import { throwIfCancelled } from '#kit/abort.ts';
import type { EmbeddingOptions, Figures } from './figures.ts';

/** What is measured, in this order: whether vectors go in exactly, whom the gate lets in, what connectors tell, what a store finds again. */
export const EMBEDDING_PARTS: Readonly<Record<string, (options: EmbeddingOptions) => Promise<Figures>>> = {
  roundTrip: async (options) => (await import('./round-trip.ts')).evalRoundTrip(options),
  gate: async (options) => (await import('./gate.ts')).evalGate(options),
  connectors: async (options) => (await import('./connectors.ts')).evalConnectors(options),
  retrieval: async (options) => (await import('./retrieval.ts')).evalRetrieval(options),
};

/** Measures these parts of the embedding route, one after the other. Figures nobody measured are left out, or say `skipped` and why. */
export async function evaluateEmbedding(parts: readonly string[], options: EmbeddingOptions): Promise<Figures> {
  const figures: Record<string, Figures> = {};
  for (const [name, measure] of Object.entries(EMBEDDING_PARTS)) {
    if (!parts.includes(name)) continue;
    throwIfCancelled(options.signal);
    options.tell(`${name} …`);
    figures[name] = await measure(options);
  }
  return figures;
}
