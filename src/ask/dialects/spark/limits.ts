import type { Answer } from '#contract/answer.ts';
import type { AskRequest } from '#contract/chat.ts';

/** The longest answer a model may be asked for, in tokens. Source: iFLYTEK-OP/websdk-java doc/spark/sparkchat.md, 2025-11-14. */
export function mostTokens(model: string): number {
  if (/^(?:lite|pro-128k)$/.test(model)) return 4_096;
  // Nobody has written down what the reasoning models take.
  return isX1(model) ? Number.POSITIVE_INFINITY : 8_192;
}

/** Whether this is one of the reasoning models, which are another version of the API. */
export const isX1 = (model: string): boolean => /^(?:x1|spark-x)/.test(model);

/** Why a whole answer ended, which Spark never says: it called a function, used up its tokens, or was done. */
export function reasonFor(
  { toolCalls, usage }: Pick<Answer, 'toolCalls' | 'usage'>,
  { maxTokens }: AskRequest,
  model: string,
): NonNullable<Answer['finishReason']> {
  if (toolCalls !== undefined) return 'tool-calls';
  const most = maxTokens === undefined ? Number.POSITIVE_INFINITY : Math.min(maxTokens, mostTokens(model));
  return (usage?.outputTokens ?? 0) >= most ? 'length' : 'stop';
}

/**
 * How much is left to chance. The temperature must be above 0 (iFLYTEK-OP/websdk-java doc/spark/sparkchat.md), so an answer
 * without chance is one that only ever takes the likeliest token.
 */
export function chanceOf({ temperature, extra }: AskRequest): {
  readonly temperature?: number;
  readonly top_k?: unknown;
} {
  if (temperature === 0) return { top_k: 1 };
  const topK = extra?.top_k === undefined ? {} : { top_k: extra.top_k };
  return temperature === undefined ? topK : { temperature, ...topK };
}
