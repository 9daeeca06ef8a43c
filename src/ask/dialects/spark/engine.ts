import type { AskEvent, AskRequest } from '#contract/chat.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { openAi } from '../openai/engine.ts';
import type { RemoteOptions } from '../remote.ts';
import { isX1, reasonFor } from './limits.ts';
import { SPARK_SHAPE } from './shape.ts';

/** A Spark model over HTTP. */
export function spark(options: RemoteOptions): LanguageModel {
  const { model, baseUrl, keyName } = options;
  const inner = openAi(
    {
      ...options,
      baseUrl: isX1(model) ? secondVersion(baseUrl) : baseUrl,
      // The usual mistake: the gateway then complains of a signature that nobody made.
      keyName: `${keyName}, which is this model’s APIPassword and not the APIKey of the sockets`,
    },
    SPARK_SHAPE,
  );
  return { ...inner, ask: (request, context) => withReason(inner.ask(request, context), request, model) };
}

function secondVersion(baseUrl: URL): URL {
  const url = new URL(baseUrl);
  url.pathname = url.pathname.replace(/\/v1(?=\/*$|\/chat\/)/, '/v2');
  return url;
}

/** Fills in why the answer ended. One that was cut off has thrown before. */
async function* withReason(
  events: AsyncIterable<AskEvent>,
  request: AskRequest,
  model: string,
): AsyncGenerator<AskEvent> {
  for await (const event of events) {
    if (event.kind !== 'answer-end') yield event;
    else {
      const { answer } = event;
      yield { ...event, answer: { ...answer, finishReason: answer.finishReason ?? reasonFor(answer, request, model) } };
    }
  }
}
