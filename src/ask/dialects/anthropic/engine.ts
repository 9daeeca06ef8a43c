import type { LanguageModel } from '#contract/ports.ts';
import type { Refusal, RefusalKind } from '#upstream/errors.ts';
import { openAi } from '../openai/engine.ts';
import type { ChatShape } from '../openai/shape.ts';
import type { RemoteOptions } from '../remote.ts';
import { messagesBody } from './body.ts';
import { accepts } from './messages.ts';
import { messageReader } from './read.ts';

const MOST_TEMPERATURE = 1;

/** Anthropic's Messages API (anthropic-sdk-typescript bfa9197, 2026-08-19): its own body and its own events. */
const ANTHROPIC: ChatShape = {
  path: 'messages',
  authorise: ({ keys: { apiKey } }) => ({
    'anthropic-version': '2023-06-01',
    ...(apiKey ? { 'x-api-key': apiKey } : {}),
  }),
  accepts,
  body: messagesBody,
  changeBody({ body, change }) {
    if (Number(body.temperature) > MOST_TEMPERATURE) change('temperature', MOST_TEMPERATURE);
  },
  reader: messageReader,
  classify,
  finish: {
    end_turn: 'stop',
    stop_sequence: 'stop',
    tool_use: 'tool-calls',
    refusal: 'content-filter',
  },
};

/** A Claude behind the Messages API. */
export function anthropic(options: RemoteOptions): LanguageModel {
  return openAi(options, ANTHROPIC);
}

function classify({ marks, message }: Refusal): RefusalKind | undefined {
  if (/not_found_error/.test(marks) && /^model:/.test(message)) return 'unknown-model';
  if (/billing_error/.test(marks) || /credit balance is too low/i.test(message)) return 'quota-spent';
  if (/overloaded_error|api_error|timeout_error/.test(marks)) return 'upstream-failed';
  return undefined;
}
