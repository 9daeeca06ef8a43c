import type { AskOptions, AskRequest, ChatMessage } from '#contract/chat.ts';
import { SensoriumError } from '#contract/error.ts';
import { type Loss, lossOf } from '#contract/loss.ts';
import { type GrammarSchema, grammarSchemaOf } from './json-schema.ts';

/** How the process is to write: what of a request it heeds. */
export interface Writing {
  readonly temperature: number;
  readonly maxTokens: number;
  readonly topP?: number | undefined;
  readonly seed?: number | undefined;
  readonly stop: readonly string[];
  readonly frequencyPenalty: number;
  readonly presencePenalty: number;
  /** Any JSON, or JSON by a schema; text that may be anything has none. */
  readonly grammar?: 'json' | GrammarSchema | undefined;
}

/** Longest answer when the caller sets no limit, in tokens. A small model that loops must end some time. */
const MAX_ANSWER_TOKENS = 512;

/** What a local model heeds of a request. Throws `ask.refused` for a form of answer that it cannot keep to. */
export function writingOf(request: AskRequest): Writing {
  return {
    temperature: request.temperature ?? 0,
    maxTokens: request.maxTokens ?? MAX_ANSWER_TOKENS,
    topP: request.topP,
    seed: request.seed,
    stop: (request.stop ?? []).filter((text) => text !== ''),
    frequencyPenalty: request.frequencyPenalty ?? 0,
    presencePenalty: request.presencePenalty ?? 0,
    grammar: grammarOf(request.responseFormat),
  };
}

function grammarOf(format: AskOptions['responseFormat']): Writing['grammar'] {
  if (format?.kind === 'json') return 'json';
  return format?.kind === 'json-schema' ? grammarSchemaOf(format.schema) : undefined;
}

/** The losses that go with what a local model does not heed of a request. */
export function unheeded(engine: string, request: AskRequest): Loss[] {
  const { tools = [], toolChoice, logprobs, extra = {}, messages } = request;
  const options = [
    ...(tools.length > 0 && toolChoice !== 'none' ? ['tools'] : []),
    ...(logprobs ? ['logprobs'] : []),
    ...(messages.some(({ name }) => name !== undefined) ? ['name'] : []),
    ...Object.keys(extra).filter((name) => !isUsual(name, extra[name])),
  ];
  return options.map((option) =>
    lossOf({
      kind: 'option-ignored',
      stage: 'ask',
      engine,
      text: option,
      message: `The local engine does not heed ${option}.${option === 'tools' ? ' The model could not call a function.' : ''}`,
      action: 'Answered without it.',
    }),
  );
}

/** Fields about the caller's account with a vendor; they do not bear on the answer. */
const ACCOUNT: ReadonlySet<string> = new Set([
  'user',
  'metadata',
  'store',
  'safety_identifier',
  'prompt_cache_key',
  'prompt_cache_retention',
  'service_tier',
]);

/** Whether an answer is as usual with this value, so that nothing is lost when nobody looks at it. */
function isUsual(name: string, value: unknown): boolean {
  return value === null || value === undefined || ACCOUNT.has(name) || (name === 'n' && value === 1);
}

/** Refuses media: this engine hands on words only. */
export function mustBeWords(engine: string, messages: readonly ChatMessage[]): void {
  for (const { content } of messages) {
    const part = typeof content === 'string' ? undefined : content.find(({ kind }) => kind === 'media');
    if (part?.kind !== 'media') continue;
    throw new SensoriumError('ask.refused', `${engine} takes words only, and ${part.media.media.part} is none.`, {
      hint: 'Leave the choice of its route to the plan, or ask a model that takes it as it is.',
      details: { part: part.media.media.part, mimeType: part.media.media.mimeType },
    });
  }
}
