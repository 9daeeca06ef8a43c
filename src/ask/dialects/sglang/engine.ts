import type { AskRequest } from '#contract/chat.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { openAi } from '../openai/engine.ts';
import type { RemoteOptions } from '../remote.ts';
import { SGLANG_GENERATE_SHAPE } from './generate.ts';
import { SGLANG_SHAPE } from './shape.ts';

/** A model of SGLang: chat completions, and its native address for a prompt of vectors. */
export function sglang(options: RemoteOptions): LanguageModel {
  const chat = openAi(options, SGLANG_SHAPE);
  const baseUrl = new URL(options.baseUrl);
  baseUrl.pathname = baseUrl.pathname.replace(/(\/v1)?(\/chat\/completions)?\/*$/, '/');
  const native = openAi({ ...options, baseUrl }, SGLANG_GENERATE_SHAPE);
  return { ...chat, ask: (request, context) => (hasVectors(request) ? native : chat).ask(request, context) };
}

function hasVectors({ messages }: AskRequest): boolean {
  return messages.some(({ content }) => typeof content !== 'string' && content.some(({ kind }) => kind === 'vectors'));
}
