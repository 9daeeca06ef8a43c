import { events, json, type Reply } from '../reply.ts';
import { isObject } from '../self-hosted/checks.ts';
import { check, type Request } from '../server.ts';

/** Numbers in a row that the made-up model takes, and how many tokens it knows. */
export const SGLANG_WIDTH = 8;
const VOCABULARY = 64;

export const INPUT_EMBEDS_CASES = {
  'radix-cache': 'vectors: the server was started without --disable-radix-cache',
  'no-generate': 'vectors: a gateway before it that has only OpenAI’s addresses',
  'generate-aborted': 'vectors: the answer ends with abort',
};

/** The native addresses answer errors so: sglang's http_server.py, `_create_error_response`. */
const refuse = (message: string): Reply => json({ error: { message } }, 400);
/** sglang's tokenizer_manager.py, `_tokenize_one_request`. */
const RADIX =
  'input_embeds is provided while disable_radix_cache is False. Please add `--disable-radix-cache` when you launch the server if you want to use input_embeds as inputs.';

/**
 * `/generate` with `input_embeds` or `input_ids`. Whether one prompt or a batch was sent is decided by the first number being a
 * float as it is written, so that is read from the bytes. The likeliest next token is t<n>, where n is the sum of the last row
 * rounded, or the last token plus one. Source: sglang's io_struct.py, 0.5.23.
 */
export function generate(request: Request): Reply {
  if (request.play === 'no-generate') return json({ detail: 'Not Found' }, 404);
  const body = request.json();
  const { input_embeds: embeds, input_ids: ids, sampling_params: sampling, stream } = body;
  check(isObject(sampling), 'sampling_params');
  check((embeds === undefined) !== (ids === undefined), 'one of input_embeds and input_ids');
  if (embeds !== undefined && request.play === 'radix-cache') return refuse(RADIX);
  const next = embeds === undefined ? lastOf(ids) + 1 : nextAfter(embeds, request.bytes.toString('latin1'));
  const count = Number(sampling.max_new_tokens ?? 16);
  const words = Array.from({ length: count }, (_, at) => `t${(next + at) % VOCABULARY}`);
  const good = (text: string, spoken: number, type: string | null) => ({
    text,
    meta_info: {
      id: '1',
      finish_reason: type === null ? null : { type, length: spoken },
      prompt_tokens: Array.isArray(embeds) ? embeds.length : 1,
      completion_tokens: spoken,
      ...(body.return_logprob === true ? logprobs(next, Number(body.top_logprobs_num), body) : {}),
    },
  });
  const end = request.play === 'generate-aborted' ? 'abort' : 'length';
  if (stream !== true) return json(good(words.join(' '), count, end));
  const pieces = words.map((_, at) =>
    good(words.slice(0, at + 1).join(' '), at + 1, at === words.length - 1 ? end : null),
  );
  return events([...pieces, '[DONE]']);
}

function nextAfter(embeds: unknown, written: string): number {
  check(Array.isArray(embeds) && embeds.length > 0 && embeds.every(Array.isArray), 'input_embeds: a list of lists');
  // JSON as Python reads it: a number without a fraction or an exponent is an integer.
  const list = /"input_embeds":\s*(\[\[.*?\]\])/s.exec(written)?.[1] ?? '';
  check(
    !/[[,]\s*-?\d+\s*[\],]/.test(list),
    'input_embeds: a number without a fraction',
    refuse('Invalid input_embeds.'),
  );
  const rows = embeds as number[][];
  check(
    rows.every((row) => row.length === SGLANG_WIDTH && row.every(Number.isFinite)),
    `input_embeds: not rows of ${SGLANG_WIDTH} numbers`,
  );
  const sum = rows.at(-1)?.reduce((all, value) => all + value, 0) ?? 0;
  return Math.abs(Math.round(sum)) % VOCABULARY;
}

function lastOf(ids: unknown): number {
  check(Array.isArray(ids) && ids.every(Number.isInteger), 'input_ids');
  return Number(ids.at(-1));
}

/** `[logprob, token, text]`; the text only where it was asked for. */
function logprobs(next: number, most: number, { return_text_in_logprobs: withText }: Record<string, unknown>): object {
  const one = (at: number) => [
    -0.25 - at,
    (next + at) % VOCABULARY,
    withText === true ? `t${(next + at) % VOCABULARY}` : null,
  ];
  return {
    output_token_logprobs: [one(0)],
    output_top_logprobs: [Array.from({ length: most }, (_, at) => one(at))],
  };
}

/** `GET /server_info`. */
export function serverInfo(): Reply {
  return json({ version: '0.5.23', disable_radix_cache: true });
}
