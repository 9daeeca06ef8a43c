import { type Chunk, readChunk } from '../openai/chunk.ts';
import { isObject } from '../openai/usage.ts';

/** Reads a message of a reply. Where the filter stopped it, what the filter says of it stands as the refusal. */
export function readGlmChunk(json: unknown): Chunk | null {
  const chunk = readChunk(json);
  if (chunk?.reason !== 'sensitive' || !isObject(json)) return chunk;
  const refusal = filterWords(json.content_filter);
  return refusal === '' ? chunk : { ...chunk, refusal };
}

const WHERE: Readonly<Record<string, string>> = {
  user: 'the question',
  assistant: 'the answer',
  history: 'the conversation before',
};

/** `content_filter` is a list of `{role, level}`, from level 0, the most severe, to 3. */
function filterWords(list: unknown): string {
  if (!Array.isArray(list)) return '';
  const found = list.flatMap((one) => {
    const where = isObject(one) ? WHERE[String(one.role)] : undefined;
    return where === undefined ? [] : [`${where} (level ${one.level}; 0 is the most severe)`];
  });
  return found.length === 0 ? '' : `Stopped by the content filter, for ${found.join(' and ')}.`;
}
