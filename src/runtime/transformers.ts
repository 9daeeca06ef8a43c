import { loadOptional } from './optional.ts';

/** Hugging Face's transformers for JavaScript, told to read local folders and never the network. */
export async function loadTransformers(): Promise<typeof import('@huggingface/transformers')> {
  const library = await loadOptional('@huggingface/transformers', () => import('@huggingface/transformers'));
  library.env.allowRemoteModels = false;
  library.env.allowLocalModels = true;
  return library;
}
