import { ANTHROPIC } from './anthropic.ts';
import { BAIDU } from './baidu.ts';
import { JINA, VOYAGE } from './embedding-servers.ts';
import { ERNIE } from './ernie.ts';
import { GEMINI } from './gemini.ts';
import { GLM } from './glm.ts';
import { IFLYTEK } from './iflytek.ts';
import { LLAMA_SERVER } from './llama-server.ts';
import { LM_STUDIO } from './lmstudio.ts';
import { OLLAMA } from './ollama.ts';
import { OPENAI } from './openai.ts';
import { OPENAI_ALIKES } from './openai-alikes.ts';
import { QWEN } from './qwen.ts';
import { SGLANG } from './sglang.ts';
import { SPARK } from './spark.ts';
import type { Vendor } from './vendor.ts';
import { VIDEO_LLAMA } from './video-llama.ts';
import { VLLM } from './vllm.ts';
import { VLLM_OMNI } from './vllm-omni.ts';
import { COSYVOICE, GPT_SOVITS } from './voice-servers.ts';
import { XINFERENCE } from './xinference.ts';

export type { Keys, ModelFacts, ModelRow, Prices, Vendor } from './vendor.ts';

/** Everybody whose models can be asked, heard with or spoken with. One line each. */
export const VENDORS: readonly Vendor[] = [
  BAIDU,
  ERNIE,
  GLM,
  OPENAI,
  LLAMA_SERVER,
  LM_STUDIO,
  OLLAMA,
  QWEN,
  SGLANG,
  VIDEO_LLAMA,
  VLLM,
  VLLM_OMNI,
  XINFERENCE,
  SPARK,
  IFLYTEK,
  ANTHROPIC,
  GEMINI,
  ...OPENAI_ALIKES,
  COSYVOICE,
  JINA,
  VOYAGE,
  GPT_SOVITS,
];

/** The vendor of this name, or `null`. */
export function vendorNamed(name: string): Vendor | null {
  return VENDORS.find((vendor) => vendor.name === name) ?? null;
}

/** Whether people run such a server themselves, so that it is at its usual address without a word in the configuration. */
export function isSelfHosted(name: string): boolean {
  const vendor = vendorNamed(name);
  return vendor !== null && !vendor.needsKey && vendor.dialect !== null;
}
