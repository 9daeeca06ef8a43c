import { randomUUID } from 'node:crypto';
import type { Step } from '../generate.ts';
import { mustTakeRows, type Opened } from '../open.ts';
import type { Prompt } from '../prompt.ts';
import { type Body, mustNotAsk, UNHEEDED, wholeIn } from './body.ts';
import { badField } from './refusal.ts';
import type { Reply } from './reply.ts';
import { rowsIn } from './tensors.ts';
import { writeOut, writingOf } from './writer.ts';

const USUAL_TOKENS = 16;
const MOST_PROMPTS = 64;
const MOST_TOP = 20;

/**
 * `/v1/completions` as vLLM has it: `prompt` is a text, tokens, or several of either; `prompt_embeds` the base64 of a tensor, or several.
 * With both, the answers to the vectors come first. Source: vLLM's protocol and `serving_completion.py` (0046f77).
 */
export async function completions(body: Body, model: string, opened: Opened, reply: Reply, signal: AbortSignal) {
  const { engine } = opened;
  mustNotAsk(body, UNHEEDED);
  const top = wholeIn(body, 'logprobs', [0, MOST_TOP]);
  const prompts = [...vectorPrompts(body, opened), ...textPrompts(body, opened)];
  if (prompts.length === 0) throw badField('prompt', 'or `prompt_embeds` must be there.');
  if (prompts.length > MOST_PROMPTS) throw badField('prompt', `must be ${MOST_PROMPTS} prompts at most.`);
  const asked = prompts.map((prompt) => ({
    prompt,
    writing: writingOf(body, prompt, engine, { usualTokens: USUAL_TOKENS, top }),
  }));
  const head = { id: `cmpl-${randomUUID()}`, object: 'text_completion', created: Math.floor(Date.now() / 1000), model };
  const usesIds = body.return_tokens_as_token_ids === true;
  const choices: object[] = [];
  let written = 0;
  for (const [index, { prompt, writing }] of asked.entries()) {
    let text = '';
    const steps: Step[] = [];
    for await (const event of writeOut(engine, prompt, writing, signal)) {
      const finish_reason = event.kind === 'end' ? event.reason : null;
      if (event.kind === 'end') written += event.tokens;
      const piece = event.kind === 'piece' ? event : { text: '', steps: [] };
      if (reply.streams) {
        const logprobs = top === null ? null : logprobsOf(piece.steps, text.length, opened, usesIds);
        await reply.event({
          ...head,
          choices: [{ index, text: piece.text, logprobs, finish_reason, stop_reason: null }],
        });
      }
      text += piece.text;
      steps.push(...piece.steps);
      if (finish_reason === null) continue;
      const logprobs = top === null ? null : logprobsOf(steps, 0, opened, usesIds);
      choices.push({ index, text, logprobs, finish_reason, stop_reason: null, prompt_logprobs: null });
    }
  }
  const usage = usageOf(prompts, written);
  if (!reply.streams) return reply.whole({ ...head, choices, usage });
  if (reply.tellsUsage) await reply.event({ ...head, choices: [], usage });
  return reply.done();
}

/** What went in and came out, in positions. */
export function usageOf(prompts: readonly Prompt[], written: number) {
  const prompt_tokens = prompts.reduce((sum, { units }) => sum + units.length, 0);
  return { prompt_tokens, completion_tokens: written, total_tokens: prompt_tokens + written };
}

function vectorPrompts(body: Body, opened: Opened): readonly Prompt[] {
  const given = body.prompt_embeds ?? [];
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (list.length > 0) mustTakeRows(opened);
  if (list.length > MOST_PROMPTS) throw badField('prompt_embeds', `must be ${MOST_PROMPTS} tensors at most.`);
  return list.map((data) => opened.engine.prompt([{ vectors: rowsIn(data, 'prompt_embeds', opened.engine) }]));
}

function textPrompts({ prompt = null, add_special_tokens = true }: Body, { engine }: Opened): readonly Prompt[] {
  if (prompt === null) return [];
  const list: readonly unknown[] = isTokens(prompt) || !Array.isArray(prompt) ? [prompt] : prompt;
  return list.map((one) => {
    if (typeof one === 'string') {
      return engine.prompt([{ tokens: engine.words.tokens(one, { ends: add_special_tokens === true, marks: true }) }]);
    }
    if (!isTokens(one)) throw badField('prompt', 'must be a text, a list of tokens, or a list of either.');
    return engine.prompt([{ tokens: one }]);
  });
}

function isTokens(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => Number.isInteger(one));
}

function logprobsOf(steps: readonly Step[], from: number, { engine }: Opened, usesIds: boolean) {
  const name = (token: number) => (usesIds ? `token_id:${token}` : engine.words.bytes(token, true).toString('utf8'));
  let offset = from;
  return {
    tokens: steps.map(({ token }) => name(token)),
    token_logprobs: steps.map(({ logprob }) => logprob),
    top_logprobs: steps.map(({ token, logprob, top }) =>
      Object.fromEntries([...top.map((one) => [name(one.token), one.logprob] as const), [name(token), logprob]]),
    ),
    text_offset: steps.map(({ bytes }) => {
      const start = offset;
      offset += bytes.toString('utf8').length;
      return start;
    }),
  };
}
