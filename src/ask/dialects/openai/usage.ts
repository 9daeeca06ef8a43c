import type { Usage } from '#contract/answer.ts';

export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The tokens a server says it counted, or `null` unless it says both those read and those written. */
export function usageOf(usage: unknown): Usage | null {
  if (!isObject(usage)) return null;
  const inputTokens = countOf(usage.prompt_tokens);
  const outputTokens = countOf(usage.completion_tokens);
  if (inputTokens === undefined || outputTokens === undefined) return null;
  const counted: Usage = { inputTokens, outputTokens };
  const details = (name: string, from: unknown, field: keyof Usage) => {
    const count = isObject(from) ? countOf(from[name]) : undefined;
    if (count !== undefined) counted[field] = count;
  };
  details('cached_tokens', usage.prompt_tokens_details, 'cachedTokens');
  details('audio_tokens', usage.prompt_tokens_details, 'inputAudioTokens');
  details('audio_tokens', usage.completion_tokens_details, 'outputAudioTokens');
  details('reasoning_tokens', usage.completion_tokens_details, 'reasoningTokens');
  return counted;
}

/** A count, also one sent as a string. */
function countOf(value: unknown): number | undefined {
  const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}
