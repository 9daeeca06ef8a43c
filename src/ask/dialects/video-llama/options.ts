import type { AskRequest } from '#contract/chat.ts';
import type { CallContext } from '#contract/ports.ts';
import { ignoredLosses } from '../openai/ignored.ts';

/** Notes every option that a demo server has no field for. */
export function noteIgnored(engine: string, request: AskRequest, { note }: CallContext): void {
  const { extra = {} } = request;
  const leftOut = [
    ...(request.seed === undefined ? [] : ['seed']),
    ...(request.stop?.length ? ['stop'] : []),
    ...(request.frequencyPenalty === undefined ? [] : ['frequency_penalty']),
    ...(request.presencePenalty === undefined ? [] : ['presence_penalty']),
    ...(request.logprobs ? ['logprobs'] : []),
    ...(request.tools?.length ? ['tools'] : []),
    ...(request.responseFormat && request.responseFormat.kind !== 'text' ? ['response_format'] : []),
    ...(request.speak ? ['speak'] : []),
    ...Object.keys(extra).filter((name) => extra[name] !== undefined),
  ];
  for (const loss of ignoredLosses(engine, { leftOut, changed: {} })) note(loss);
}
