import { randomUUID } from 'node:crypto';
import type { PromptPiece } from '#contract/prompt-vectors.ts';
import { type ChatTurn, chatPrompt } from '../chat-prompt.ts';
import type { Step } from '../generate.ts';
import { mustTakeRows, type Opened } from '../open.ts';
import { type Body, isObject, mustNotAsk, UNHEEDED, wholeIn } from './body.ts';
import { usageOf } from './completions.ts';
import { badField } from './refusal.ts';
import type { Reply } from './reply.ts';
import { rowsIn } from './tensors.ts';
import { writeOut, writingOf } from './writer.ts';

const MOST_TOP = 20;
/** A small model that loops must end some time; vLLM goes on until the context is full. */
const USUAL_TOKENS = 512;
const MOST_MESSAGES = 2_048;

/**
 * `/v1/chat/completions` as vLLM has it: the parts of a message are `text`, or `prompt_embeds` whose `data` is the base64 of a tensor
 * and which stand where the part stands. Source: vLLM pull request 40720.
 */
export async function chat(body: Body, model: string, opened: Opened, reply: Reply, signal: AbortSignal) {
  const { engine, template } = opened;
  mustNotAsk(body, { ...UNHEEDED, tools: [], response_format: [], modalities: [] });
  const wantsLogprobs = body.logprobs === true;
  const top = wantsLogprobs ? (wholeIn(body, 'top_logprobs', [0, MOST_TOP]) ?? 0) : null;
  const pieces = chatPrompt(turnsOf(body.messages, opened), template, engine.words);
  if (pieces.some(isRows)) mustTakeRows(opened);
  const prompt = engine.prompt(pieces);
  const writing = writingOf(body, prompt, engine, { usualTokens: USUAL_TOKENS, top });
  const created = Math.floor(Date.now() / 1000);
  const head = { id: `chatcmpl-${randomUUID()}`, created, model };
  const chunk = (delta: object, more: object = {}) =>
    reply.event({
      ...head,
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta, finish_reason: null, ...more }],
    });
  if (reply.streams) await chunk({ role: 'assistant', content: '' });
  let text = '';
  const steps: Step[] = [];
  let finish_reason = '';
  let written = 0;
  for await (const event of writeOut(engine, prompt, writing, signal)) {
    if (event.kind === 'end') {
      finish_reason = event.reason;
      written = event.tokens;
      if (reply.streams) await chunk({}, { finish_reason, stop_reason: null });
      continue;
    }
    text += event.text;
    steps.push(...event.steps);
    const logprobs = top === null ? null : logprobsOf(event.steps, opened);
    if (reply.streams) await chunk({ content: event.text }, { logprobs });
  }
  const usage = usageOf([prompt], written);
  if (reply.streams) {
    if (reply.tellsUsage) await reply.event({ ...head, object: 'chat.completion.chunk', choices: [], usage });
    return reply.done();
  }
  const logprobs = top === null ? null : logprobsOf(steps, opened);
  const message = { role: 'assistant', content: text };
  const choices = [{ index: 0, message, logprobs, finish_reason, stop_reason: null }];
  return reply.whole({ ...head, object: 'chat.completion', choices, usage });
}

function isRows(piece: PromptPiece): boolean {
  return 'vectors' in piece;
}

function turnsOf(messages: unknown, opened: Opened): readonly ChatTurn[] {
  if (!Array.isArray(messages) || messages.length === 0 || messages.length > MOST_MESSAGES) {
    throw badField('messages', `must be a list of 1 to ${MOST_MESSAGES} messages.`);
  }
  return messages.map((message) => {
    if (!isObject(message) || typeof message.role !== 'string')
      throw badField('messages', 'must be objects with a role.');
    const { role, content } = message;
    if (typeof content === 'string') return { role, parts: [content] };
    if (content === null || content === undefined) return { role, parts: [] };
    if (!Array.isArray(content)) throw badField('messages', 'must have a text or a list of parts as content.');
    return { role, parts: content.map((part) => partOf(part, opened)) };
  });
}

function partOf(part: unknown, { engine }: Opened): string | Float32Array {
  if (isObject(part) && part.type === 'text' && typeof part.text === 'string') return part.text;
  if (isObject(part) && part.type === 'prompt_embeds') return rowsIn(part.data, 'data', engine);
  throw badField('messages', 'may have parts of the types `text` and `prompt_embeds` only. Unknown part type.');
}

function logprobsOf(steps: readonly Step[], { engine }: Opened) {
  const said = (token: number, logprob: number | null) => {
    const bytes = engine.words.bytes(token, true);
    return { token: bytes.toString('utf8'), logprob, bytes: [...bytes] };
  };
  return {
    content: steps.map(({ token, logprob, top }) => ({
      ...said(token, logprob),
      top_logprobs: top.map((one) => said(one.token, one.logprob)),
    })),
  };
}
