import { type Chunk, readChunk } from '../openai/chunk.ts';
import { isObject, type Json } from '../openai/usage.ts';

/**
 * Reads a message of Qianfan's. Beside OpenAI's fields a choice has `flag`, which is not zero where the safety check stepped in,
 * and `ban_round`, which message of the conversation it minds (-1: the newest). Such an answer was stopped, whatever reason it
 * gives.
 */
export function readErnieChunk(json: unknown): Chunk | null {
  const chunk = readChunk(json);
  const choice = chunk && isObject(json) && Array.isArray(json.choices) ? json.choices.find(isObject) : undefined;
  if (chunk === null || choice === undefined || !isObject(json)) return chunk;
  const flag = Number(choice.flag ?? 0);
  if (!Number.isFinite(flag) || flag === 0) return chunk;
  return { ...chunk, reason: 'content_filter', refusal: chunk.refusal || stopped(flag, choice, json) };
}

function stopped(flag: number, choice: Json, json: Json): string {
  const round = choice.ban_round ?? json.ban_round;
  const what =
    round === undefined || round === null
      ? 'something that was said'
      : Number(round) === -1
        ? 'the newest message'
        : `message round ${Number(round)} of the conversation`;
  const clear = choice.need_clear_history ?? json.need_clear_history;
  const next = clear === true ? ' A new conversation is needed.' : '';
  return `Qianfan’s safety check stopped the answer because of ${what} (flag ${flag}).${next}`;
}
