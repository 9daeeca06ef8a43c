import { BAIDU } from './baidu.ts';
import { ERNIE } from './ernie.ts';
import { LLAMA_SERVER } from './llama-server.ts';
import { LM_STUDIO } from './lmstudio.ts';
import { OLLAMA } from './ollama.ts';
import { OPENAI } from './openai.ts';
import { SGLANG } from './sglang.ts';
import type { Vendor } from './vendor.ts';
import { VIDEO_LLAMA } from './video-llama.ts';
import { VLLM } from './vllm.ts';
import { VLLM_OMNI } from './vllm-omni.ts';
import { XINFERENCE } from './xinference.ts';

export type { Keys, ModelFacts, ModelRow, Prices, Vendor } from './vendor.ts';

/** Everybody whose models can be asked, heard with or spoken with. One line each. */
export const VENDORS: readonly Vendor[] = [
  BAIDU,
  ERNIE,
  OPENAI,
  LLAMA_SERVER,
  LM_STUDIO,
  OLLAMA,
  SGLANG,
  VIDEO_LLAMA,
  VLLM,
  VLLM_OMNI,
  XINFERENCE,
];

/** The vendor of this name, or `null`. */
export function vendorNamed(name: string): Vendor | null {
  return VENDORS.find((vendor) => vendor.name === name) ?? null;
}
