import type { Usage } from '#contract/answer.ts';
import type { Chunk, ToolCallPiece } from '../openai/chunk.ts';
import { isObject, type Json } from '../openai/usage.ts';
import { SAYS_NOTHING } from '../tell.ts';

/**
 * Reads one answer of the Messages API: the events of a stream, each named by its `type`, or a whole message. What is read of
 * the question is counted when the stream begins, what was written when it ends, so figures are put together.
 */
export function messageReader(): (json: unknown) => Chunk | null {
  let counted: Json = {};
  /** Blocks that are calls, by their place among all blocks; calls are counted by themselves. */
  const calls = new Map<unknown, number>();

  const count = (usage: unknown): Usage | null => {
    const said = isObject(usage) ? Object.entries(usage).filter(([, value]) => typeof value === 'number') : [];
    counted = { ...counted, ...Object.fromEntries(said) };
    return usageOf(counted);
  };

  function blockBegins(block: unknown, index: unknown): Chunk {
    if (!isObject(block)) return SAYS_NOTHING;
    if (block.type !== 'tool_use')
      return { ...SAYS_NOTHING, text: textOf(block.text), reasoning: textOf(block.thinking) };
    calls.set(index, calls.size);
    return { ...SAYS_NOTHING, toolCalls: [callOf(block, calls.size - 1, '')] };
  }

  function blockGoesOn(delta: unknown, index: unknown): Chunk {
    if (!isObject(delta)) return SAYS_NOTHING;
    const call = calls.get(index);
    const piece = textOf(delta.partial_json);
    if (call !== undefined && piece !== '') {
      return { ...SAYS_NOTHING, toolCalls: [{ index: call, id: null, name: null, arguments: piece }] };
    }
    return { ...SAYS_NOTHING, text: textOf(delta.text), reasoning: textOf(delta.thinking) };
  }

  return (json) => {
    if (!isObject(json)) return null;
    switch (json.type) {
      case 'message_start':
        return isObject(json.message)
          ? { ...SAYS_NOTHING, model: wordOf(json.message.model), usage: count(json.message.usage) }
          : null;
      case 'content_block_start':
        return blockBegins(json.content_block, json.index);
      case 'content_block_delta':
        return blockGoesOn(json.delta, json.index);
      case 'message_delta':
        return {
          ...SAYS_NOTHING,
          reason: isObject(json.delta) ? wordOf(json.delta.stop_reason) : null,
          usage: count(json.usage),
        };
      case 'message':
        return { ...wholeOf(json), usage: count(json.usage) };
      default:
        // New kinds of events may come at any time, and are to be passed over.
        return typeof json.type === 'string' ? SAYS_NOTHING : null;
    }
  };
}

function wholeOf(message: Json): Chunk {
  const blocks = Array.isArray(message.content) ? message.content.filter(isObject) : [];
  const calls = blocks.filter(({ type }) => type === 'tool_use');
  return {
    ...SAYS_NOTHING,
    model: wordOf(message.model),
    text: blocks.map(({ text }) => textOf(text)).join(''),
    reasoning: blocks.map(({ thinking }) => textOf(thinking)).join(''),
    toolCalls: calls.map((block, at) => callOf(block, at, JSON.stringify(block.input ?? {}))),
    reason: wordOf(message.stop_reason),
  };
}

function callOf(block: Json, index: number, given: string): ToolCallPiece {
  return { index, id: wordOf(block.id), name: wordOf(block.name), arguments: given };
}

/** What was read from the cache or written into it is not among the tokens that were read. */
function usageOf(counted: Json): Usage | null {
  const { input_tokens: input, output_tokens: output } = counted;
  if (typeof input !== 'number' || typeof output !== 'number') return null;
  const cached = Number(counted.cache_read_input_tokens ?? 0);
  const written = Number(counted.cache_creation_input_tokens ?? 0);
  return {
    inputTokens: input + cached + written,
    outputTokens: output,
    ...(cached > 0 ? { cachedTokens: cached } : {}),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function wordOf(value: unknown): string | null {
  return textOf(value) || null;
}
