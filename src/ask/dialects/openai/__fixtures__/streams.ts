/** Streams in the shapes that servers send, written by hand from their documentation. */

export const chunk = (fields: object): object => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1_790_000_000,
  model: 'test-model-2026',
  ...fields,
});

export const delta = (content: string | null, finish_reason: string | null = null): object =>
  chunk({ choices: [{ index: 0, delta: content === null ? {} : { content }, finish_reason }], usage: null });

export const usage = (completion_tokens: number): object =>
  chunk({ choices: [], usage: { prompt_tokens: 12, completion_tokens, total_tokens: 12 + completion_tokens } });

export const sse = (chunks: readonly object[], eol = '\n'): string =>
  chunks.map((one) => `data: ${JSON.stringify(one)}${eol}${eol}`).join('');

export const DONE = 'data: [DONE]\n\n';

const wordsIn = (text: string): string[] => text.match(/\s*\S+\s*$|\s*\S+/g) ?? [];

/** Each word as a chunk, the reason, the usage and the end, as OpenAI sends it. */
export function happy(text: string, finish = 'stop'): string {
  const words = wordsIn(text);
  const first = chunk({ choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }], usage: null });
  return sse([first, ...words.map((word) => delta(word)), delta(null, finish), usage(words.length)]) + DONE;
}

export const whole = (text: string): string =>
  JSON.stringify({
    id: 'chatcmpl-2',
    object: 'chat.completion',
    model: 'test-model-2026',
    choices: [{ index: 0, message: { role: 'assistant', content: text, refusal: null }, logprobs: null, finish_reason: 'stop' }],
    usage: { prompt_tokens: 12, completion_tokens: wordsIn(text).length, total_tokens: 12 + wordsIn(text).length },
  });

export const refusal = (message: string, code: string | null = null, type = 'invalid_request_error'): string =>
  JSON.stringify({ error: { message, type, param: null, code } });
