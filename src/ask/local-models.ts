import { basename } from 'node:path';
import type { Known, ModelCapabilities } from '#contract/capabilities.ts';
import { readGgufHeader } from './gguf-header.ts';

/** A language model that runs on this machine. Its weights are in the model store under `storeId`. */
export interface LocalModel {
  readonly id: string;
  readonly title: string;
  readonly storeId: string;
  /** The GGUF file inside the model's folder. */
  readonly file: string;
  readonly capabilities: ModelCapabilities;
}

/**
 * How much of a conversation a local model holds here, in tokens: the room for question, recording and answer together.
 * Both models below were trained for more (8,192 and 32,768); memory and the wait for the first token grow with it.
 */
export const LOCAL_CONTEXT_TOKENS = 4096;

/** What a model that reads and writes only text can do. */
function textOnly(languages: ModelCapabilities['languages'], source: string): ModelCapabilities {
  return {
    input: { text: true, audio: false, image: false, video: false, document: false },
    output: { text: true, audio: false },
    embeddings: true,
    contextTokens: LOCAL_CONTEXT_TOKENS,
    languages,
    source,
  };
}

/** Any other GGUF file: llama.cpp is given only text here, whatever the weights could do. */
export const GGUF_CAPABILITIES: ModelCapabilities = textOnly('unknown', 'the local engine passes on text only');

/**
 * A GGUF file with a projector: it sees and hears as far as the head of the projector's file says. It answers in words, and
 * slowly: the library's ready-made build works on the processor alone.
 */
export function projectorCapabilities(mmproj: string): ModelCapabilities {
  const keys = readGgufHeader(mmproj)?.keys;
  const said = (name: string): Known => (keys === undefined ? 'unknown' : keys.get(name) === true);
  return {
    ...GGUF_CAPABILITIES,
    input: {
      ...GGUF_CAPABILITIES.input,
      image: said('clip.has_vision_encoder'),
      audio: said('clip.has_audio_encoder'),
    },
    source: `the mmproj file ${basename(mmproj)}; media are slow on a processor`,
  };
}

export const DEFAULT_MODEL = 'qwen2.5-coder-0.5b-instruct';

const MODELS: readonly LocalModel[] = [
  {
    id: DEFAULT_MODEL,
    title: 'Qwen2.5-Coder 0.5B Instruct, Q4_K_M: Chinese and English',
    storeId: 'qwen2.5-coder-0.5b-instruct',
    file: 'model.gguf',
    capabilities: textOnly(['zh', 'en'], 'model card of Qwen/Qwen2.5-Coder-0.5B-Instruct'),
  },
  {
    id: 'smollm2-135m-instruct',
    title: 'SmolLM2 135M Instruct, Q4_1: English, small and fast',
    storeId: 'smollm2-135m-instruct',
    file: 'model.gguf',
    capabilities: textOnly(['en'], 'model card of HuggingFaceTB/SmolLM2-135M-Instruct'),
  },
];

/** The language models that run on this machine, the default one first. */
export function localModels(): readonly LocalModel[] {
  return MODELS;
}
