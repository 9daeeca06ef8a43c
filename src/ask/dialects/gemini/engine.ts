import type { Answer } from '#contract/answer.ts';
import type { LanguageModel } from '#contract/ports.ts';
import type { Refusal, RefusalKind } from '#upstream/errors.ts';
import { openAi } from '../openai/engine.ts';
import type { RemoteOptions } from '../remote.ts';
import { generateBody } from './body.ts';
import { accepts, type Seals } from './contents.ts';
import { blockedIn, contentReader } from './read.ts';

const FILTERED =
  'SAFETY RECITATION LANGUAGE BLOCKLIST PROHIBITED_CONTENT SPII IMAGE_SAFETY IMAGE_PROHIBITED_CONTENT IMAGE_RECITATION'.split(
    ' ',
  );

const FINISH: Readonly<Record<string, NonNullable<Answer['finishReason']>>> = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  ...Object.fromEntries(FILTERED.map((reason) => [reason, 'content-filter' as const])),
};

/** A Gemini behind Google's own API (`generateContent`; googleapis/js-genai 6e9b35c, 2026-08-21). */
export function gemini(options: RemoteOptions): LanguageModel {
  const seals: Seals = new Map();
  return openAi(options, {
    path: (model, stream) => {
      const name = model.includes('/') ? model : `models/${model}`;
      const safe = name.split('/').map(encodeURIComponent).join('/');
      return stream ? `${safe}:streamGenerateContent?alt=sse` : `${safe}:generateContent`;
    },
    authorise: ({ keys: { apiKey } }): Record<string, string> => (apiKey ? { 'x-goog-api-key': apiKey } : {}),
    accepts,
    body: (draft) => generateBody(draft, seals),
    reader: () => contentReader(seals),
    refusalIn: blockedIn,
    classify,
    finish: FINISH,
    failed: ['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL', 'TOO_MANY_TOOL_CALLS', 'NO_IMAGE'],
  });
}

/**
 * A wrong key is a 400 here. A rate and a quota that is spent have the same words; of a rate it says when to come back, in its
 * sentence only (google-gemini/gemini-cli#8437).
 */
function classify({ status, message }: Refusal): RefusalKind | undefined {
  if (status === 400 && /API key (?:not valid|expired|not found)/i.test(message)) return 'key-refused';
  if (status === 404 && /is not found for API version|not supported for generateContent/.test(message))
    return 'unknown-model';
  if (status === 429 && /please retry in|try again later|resource has been exhausted/i.test(message))
    return 'rate-limited';
  if (status === 429 && /check your plan and billing/i.test(message)) return 'quota-spent';
  if (/exceeds the maximum number of tokens/.test(message)) return 'too-long';
  return undefined;
}
