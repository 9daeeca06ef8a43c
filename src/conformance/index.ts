import { anthropicConformance } from './anthropic/server.ts';
import { baiduConformance } from './baidu/speech.ts';
import { ernieConformance } from './ernie/chat.ts';
import { geminiConformance } from './gemini/server.ts';
import { glmConformance } from './glm/server.ts';
import { iflytekConformance } from './iflytek/sockets.ts';
import { jinaConformance } from './jina/server.ts';
import { llamaServerConformance } from './llama-server/chat.ts';
import { milvusConformance } from './milvus/server.ts';
import { ollamaConformance } from './ollama/chat.ts';
import { openAiConformance } from './openai/server.ts';
import { qdrantConformance } from './qdrant/server.ts';
import { qwenConformance } from './qwen/server.ts';
import type { ConformanceServer } from './server.ts';
import { sglangConformance } from './sglang/chat.ts';
import { sparkConformance } from './spark/chat.ts';
import { videoLlamaControllerConformance } from './video-llama/controller.ts';
import { videoLlamaTcpConformance } from './video-llama/tcp.ts';
import { vllmConformance } from './vllm/chat.ts';
import { vllmOmniConformance } from './vllm-omni/chat.ts';
import { cosyVoiceConformance } from './voice-servers/cosyvoice.ts';
import { gptSovitsConformance } from './voice-servers/gpt-sovits.ts';
import { voyageConformance } from './voyage/server.ts';

export { type ConformanceServer, type Running, type StartOptions, startConformance } from './server.ts';

/** Every vendor that can be stood in for. One line each. */
export const CONFORMANCE_SERVERS: readonly ConformanceServer[] = [
  baiduConformance,
  qwenConformance,
  ernieConformance,
  glmConformance,
  openAiConformance,
  sparkConformance,
  llamaServerConformance,
  ollamaConformance,
  sglangConformance,
  videoLlamaControllerConformance,
  videoLlamaTcpConformance,
  vllmConformance,
  vllmOmniConformance,
  iflytekConformance,
  anthropicConformance,
  geminiConformance,
  cosyVoiceConformance,
  gptSovitsConformance,
  jinaConformance,
  voyageConformance,
  qdrantConformance,
  milvusConformance,
];
