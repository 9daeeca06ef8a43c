import type { AskOptions } from '#contract/chat.ts';
import type { WholeBody } from '../openai/shape.ts';
import { conversationOf } from './messages.ts';

/** An answer must have a longest length here; no current model writes less. */
const LONGEST_ANSWER_TOKENS = 8_192;

/** A request of the Messages API. What it has no place for is left out and noted by OpenAI's name. */
export function messagesBody({ request, options, slots, leaveOut }: WholeBody): Record<string, unknown> {
  const { extra = {}, tools, toolChoice } = request;
  const { system, turns } = conversationOf(request.messages, slots);
  for (const [field, value] of [
    ['seed', request.seed],
    ['frequency_penalty', request.frequencyPenalty],
    ['presence_penalty', request.presencePenalty],
    ['logprobs', request.logprobs],
    ['audio', request.speak],
  ] as const) {
    if (value !== undefined) leaveOut(field);
  }
  for (const field of Object.keys(extra)) if (!TAKEN_EXTRA.has(field) && extra[field] !== undefined) leaveOut(field);
  const format = request.responseFormat;
  // Only a schema binds the answer; there is no JSON without one.
  if (format?.kind === 'json') leaveOut('response_format');
  const effort = effortOf(extra.reasoning_effort);
  if (extra.reasoning_effort !== undefined && effort === undefined) leaveOut('reasoning_effort');
  const outputConfig = {
    ...(format?.kind === 'json-schema' ? { format: { type: 'json_schema', schema: format.schema } } : {}),
    ...(effort === undefined ? {} : { effort }),
  };
  return {
    model: options.model,
    max_tokens: request.maxTokens ?? LONGEST_ANSWER_TOKENS,
    system,
    messages: turns,
    stream: request.stream !== false,
    temperature: request.temperature,
    top_p: request.topP,
    stop_sequences: request.stop,
    tools: tools?.map(({ name, description, parameters }) => ({
      name,
      description,
      input_schema: { type: 'object', ...parameters },
    })),
    tool_choice: tools ? toolChoiceOf(toolChoice, extra.parallel_tool_calls === false) : undefined,
    output_config: Object.keys(outputConfig).length > 0 ? outputConfig : undefined,
    thinking: extra.thinking,
    metadata: typeof extra.user === 'string' ? { user_id: extra.user } : undefined,
  };
}

/** Fields of OpenAI's chat completions that have a counterpart, `n` which is seen to elsewhere, and one of Anthropic's own. */
const TAKEN_EXTRA: ReadonlySet<string> = new Set(['n', 'reasoning_effort', 'parallel_tool_calls', 'user', 'thinking']);

function effortOf(effort: unknown): string | undefined {
  return ['low', 'medium', 'high', 'xhigh', 'max'].find((known) => known === effort);
}

function toolChoiceOf(choice: AskOptions['toolChoice'], oneAtATime: boolean): object | undefined {
  const single = oneAtATime ? { disable_parallel_tool_use: true } : {};
  if (typeof choice === 'object') return { type: 'tool', name: choice.name, ...single };
  if (choice === 'none') return { type: 'none' };
  if (choice === 'required') return { type: 'any', ...single };
  return choice === undefined && !oneAtATime ? undefined : { type: 'auto', ...single };
}
