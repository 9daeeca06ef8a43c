import { json, type Reply } from '../reply.ts';
import { checkBase64 } from '../self-hosted/checks.ts';
import { torchTensor } from '../self-hosted/torch-tensor.ts';
import { check, type Request } from '../server.ts';

/** Numbers in a row that the made-up model takes, and how many tokens it knows. */
export const VLLM_WIDTH = 8;
const VOCABULARY = 64;

export const EMBEDS_CASES = {
  'embeds-off': 'vectors: the server was started without --enable-prompt-embeds',
  'embeds-unknown': 'vectors: a build, or another server, that does not know them',
  'embeds-unsafe': 'vectors: version 0.11.0, which crafted tensors can corrupt (CVE-2025-62164)',
  'no-version': 'vectors: a gateway before it hides /version',
};

/** vLLM's refusal, in the words of vllm/renderers/embed_utils.py (055e47c). */
const refuse = (message: string): Reply =>
  json({ error: { message, type: 'BadRequestError', param: 'prompt_embeds', code: 400 } }, 400);

/** Checks vectors as vLLM takes them, and gives their rows. */
export function promptEmbedsIn(data: unknown, play: string): number[][] {
  // That it was not switched on is no fault of the caller's request.
  if (play === 'embeds-off')
    throw new Refusal(refuse('You must set `--enable-prompt-embeds` to input `prompt_embeds`.'));
  if (play === 'embeds-unknown') throw new Refusal(unknownPart());
  checkBase64(data, 'prompt_embeds', refuse('Incorrect padding'));
  const tensor = torchTensor(Buffer.from(data, 'base64'));
  check(typeof tensor !== 'string', `prompt_embeds: ${tensor}`, refuse(String(tensor)));
  const [rows = 0, width] = tensor.shape;
  check(
    tensor.shape.length === 2 && rows > 0,
    'prompt_embeds: shape',
    refuse('`prompt_embeds` must be a 2D tensor of shape (num_tokens, hidden_size).'),
  );
  const wrongWidth = `\`prompt_embeds\` hidden_size ${width} does not match the model's hidden_size ${VLLM_WIDTH}.`;
  check(width === VLLM_WIDTH, `prompt_embeds: ${wrongWidth}`, refuse(wrongWidth));
  check(tensor.values.every(Number.isFinite), 'prompt_embeds: a number that is none');
  return Array.from({ length: rows }, (_, row) => tensor.values.slice(row * VLLM_WIDTH, (row + 1) * VLLM_WIDTH));
}

/** What a server answers that is no slip of the one who asks. */
export class Refusal extends Error {
  readonly reply: Reply;
  constructor(reply: Reply) {
    super('refused');
    this.reply = reply;
  }
}

function unknownPart(): Reply {
  return json(
    { error: { message: 'Unknown part type: prompt_embeds', type: 'NotImplementedError', param: null, code: 501 } },
    501,
  );
}

/**
 * `/v1/completions` with a prompt of vectors or of token numbers, without a chat template around it. The likeliest next token is
 * t<n>, where n is the sum of the last row rounded, or the last token plus one. Source: vLLM's
 * completion/serving.py and render/serving.py (030ea52).
 */
export function completions({ play, ...request }: Request): Reply {
  const body = request.json();
  const { model, prompt, prompt_embeds: embeds, echo, prompt_logprobs: ofPrompt, logprobs, max_tokens: most } = body;
  check(typeof model === 'string' && model !== '', 'model');
  if (embeds !== undefined && echo === true) return refuse('Echo is unsupported with prompt embeds.');
  if (embeds !== undefined && ofPrompt !== undefined)
    return refuse('prompt_logprobs is not compatible with prompt embeds.');
  // A server that does not know the field sees a request without a prompt.
  if (embeds !== undefined && play === 'embeds-unknown') {
    return json(
      { error: { message: 'Either prompt or prompt_embeds must be provided', type: 'BadRequestError', code: 400 } },
      400,
    );
  }
  check(
    embeds !== undefined || Array.isArray(prompt),
    'neither prompt_embeds nor token numbers',
    refuse('Either prompt or prompt_embeds must be provided and non-empty.'),
  );
  check(Number.isInteger(most) && Number(most) > 0, 'max_tokens');
  const next = embeds === undefined ? Number((prompt as number[]).at(-1)) + 1 : nextAfter(promptEmbedsIn(embeds, play));
  const tokens = Array.from({ length: Number(most) }, (_, at) => `t${(next + at) % VOCABULARY}`);
  const top = Array.from({ length: Number(logprobs ?? 0) }, (_, at) => [`t${(next + at) % VOCABULARY}`, -0.25 - at]);
  return json({
    id: 'cmpl-1',
    object: 'text_completion',
    created: 1_790_000_000,
    model,
    choices: [
      {
        index: 0,
        text: tokens.join(' '),
        logprobs:
          logprobs === undefined
            ? null
            : {
                tokens: tokens.slice(0, 1),
                token_logprobs: [-0.25],
                top_logprobs: [Object.fromEntries(top)],
                text_offset: [0],
              },
        finish_reason: 'length',
      },
    ],
    usage: { prompt_tokens: 1, completion_tokens: tokens.length, total_tokens: 1 + tokens.length },
  });
}

function nextAfter(rows: readonly number[][]): number {
  const sum = rows.at(-1)?.reduce((all, value) => all + value, 0) ?? 0;
  return Math.abs(Math.round(sum)) % VOCABULARY;
}

/** `GET /version`, which vLLM answers without a key. */
export function version({ play }: Request): Reply {
  if (play === 'no-version') return json({ detail: 'Not Found' }, 404);
  return json({ version: play === 'embeds-unsafe' ? '0.11.0' : '0.30.1' });
}
