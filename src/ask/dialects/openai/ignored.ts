import { type Loss, lossOf } from '#contract/loss.ts';
import type { ChatBody } from './body.ts';

/** Our names for fields of OpenAI's; the rest is called the same. */
const OURS: Readonly<Record<string, string>> = {
  top_p: 'topP',
  frequency_penalty: 'frequencyPenalty',
  presence_penalty: 'presencePenalty',
  max_tokens: 'maxTokens',
  max_completion_tokens: 'maxTokens',
  top_logprobs: 'logprobs',
  tool_choice: 'toolChoice',
  response_format: 'responseFormat',
};

/** Options without which the answer may be of another kind than the one asked for. */
const CHANGING: Readonly<Record<string, string>> = {
  tools: ' The model could not call a function.',
  responseFormat: ' The answer may be of any form.',
};

/** The losses that go with fields and values a server does not take. What nobody asked for is none. */
export function ignoredLosses(engine: string, { leftOut, changed }: Pick<ChatBody, 'leftOut' | 'changed'>): Loss[] {
  const others = Object.entries(changed).map(([name, value]) =>
    lossOf({
      kind: 'option-ignored',
      stage: 'ask',
      engine,
      text: OURS[name] ?? name,
      message: `The server does not take this value of ${OURS[name] ?? name}.`,
      action: `Sent ${value} instead.`,
    }),
  );
  const options = new Set(leftOut.filter((name) => name !== 'stream_options').map((name) => OURS[name] ?? name));
  const absent = [...options].map((option) =>
    lossOf({
      kind: 'option-ignored',
      stage: 'ask',
      engine,
      text: option,
      message: `The server does not take ${option}; it was left out.${CHANGING[option] ?? ''}`,
      action: option === 'n' ? 'Gave one answer.' : 'Asked again without it.',
    }),
  );
  return [...absent, ...others];
}
