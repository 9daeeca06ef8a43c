import type { AskRequest } from '#contract/ports.ts';

/** What this server has been found to refuse, so that it is not sent again. */
export type Refused = Set<'stream_options' | 'temperature' | 'seed' | 'max_tokens' | 'max_completion_tokens'>;

type MaxTokensField = 'max_tokens' | 'max_completion_tokens';

const OTHER_NAME: Readonly<Record<MaxTokensField, MaxTokensField>> = {
  max_tokens: 'max_completion_tokens',
  max_completion_tokens: 'max_tokens',
};

/** A chat completion request, without what the server refuses. `maxTokensField` is the name it most likely knows. */
export function chatBody(
  model: string,
  request: AskRequest,
  maxTokensField: MaxTokensField,
  refused: Refused,
): Record<string, unknown> {
  const limit = [maxTokensField, OTHER_NAME[maxTokensField]].find((name) => !refused.has(name));
  return {
    model,
    messages: request.messages.map(({ role, content }) => ({ role, content })),
    stream: true,
    ...(refused.has('stream_options') ? {} : { stream_options: { include_usage: true } }),
    ...(request.temperature === undefined || refused.has('temperature') ? {} : { temperature: request.temperature }),
    ...(request.seed === undefined || refused.has('seed') ? {} : { seed: request.seed }),
    ...(request.maxTokens === undefined || limit === undefined ? {} : { [limit]: request.maxTokens }),
  };
}

const UNSUPPORTED =
  /unsupported|does ?n[o']t support|not (?:be )?(?:supported|allowed|permitted|recogni[sz]ed)|unknown|unrecogni[sz]ed|unexpected|extra (?:field|input)|forbidden/i;

/**
 * Learns from a refusal: the option of ours that the server's message says it does not know, or `null` when the message is
 * about something else. A value that is merely out of range is the caller's to mend and teaches nothing.
 */
export function learnRefusal(
  message: string,
  body: Readonly<Record<string, unknown>>,
  refused: Refused,
): string | null {
  if (!UNSUPPORTED.test(message)) return null;
  for (const name of ['stream_options', 'max_tokens', 'max_completion_tokens', 'temperature', 'seed'] as const) {
    if (!(name in body) || !new RegExp(`\\b${name}\\b`).test(message)) continue;
    refused.add(name);
    return name;
  }
  return null;
}
