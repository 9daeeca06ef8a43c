import type { Answer } from '#contract/answer.ts';

/** What one message of a reply says; `null` for what it does not say. */
export interface Chunk {
  readonly model: string | null;
  readonly text: string;
  readonly reason: string | null;
  readonly usage: Answer['usage'];
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads a chat completion or a chunk of one, or gives `null` when it is neither. Forgiving on purpose: what is missing, null
 * or of another type counts as not said. Reasoning beside the text (`reasoning_content`, `reasoning`) is not the answer.
 */
export function readChunk(json: unknown): Chunk | null {
  if (!isObject(json)) return null;
  const choices = Array.isArray(json.choices) ? json.choices.filter(isObject) : [];
  const choice = choices.find(({ index }) => index === 0 || index === undefined || index === null) ?? {};
  const message = [choice.delta, choice.message].find(isObject);
  return {
    model: wordOf(json.model),
    text: textOf(message?.content),
    reason: wordOf(choice.finish_reason),
    usage: usageOf(json.usage),
  };
}

function wordOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Content is a string, or a list of parts of which those with text count. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : '')).join('');
}

function usageOf(usage: unknown): Answer['usage'] {
  if (!isObject(usage)) return null;
  const [inputTokens, outputTokens] = [countOf(usage.prompt_tokens), countOf(usage.completion_tokens)];
  return inputTokens === null || outputTokens === null ? null : { inputTokens, outputTokens };
}

/** A count, also one sent as a string. */
function countOf(value: unknown): number | null {
  const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : null;
}
