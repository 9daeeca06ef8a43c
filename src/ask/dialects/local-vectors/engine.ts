import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ModelCapabilities } from '#contract/capabilities.ts';
import type { AskEvent, AskRequest } from '#contract/chat.ts';
import { SensoriumError } from '#contract/error.ts';
import type { CallContext, LanguageModel } from '#contract/ports.ts';
import { startLibllama } from '#runtime/libllama/client.ts';
import { mustAsk } from '../../question.ts';
import { threadsFor } from '../local-threads.ts';
import { openAi } from '../openai/engine.ts';
import { LOCAL_VECTORS_SHAPE } from './shape.ts';

export interface LocalVectorsOptions {
  readonly id: string;
  /** The GGUF file. */
  readonly path: string;
  readonly capabilities: ModelCapabilities;
  readonly contextTokens: number;
  readonly threads?: number | undefined;
  /** Questions that may wait while another is answered. */
  readonly maxWaiting?: number | undefined;
}

/**
 * A GGUF model of this machine that takes vectors among its words. Its process answers as vLLM does and is asked as vLLM is, so that
 * the one client is tried against a real engine. Throws `inject.engine-unusable` where its round trip fails.
 */
export function localVectors(options: LocalVectorsOptions): LanguageModel {
  const { id, path, contextTokens, maxWaiting } = options;
  const capabilities: ModelCapabilities = { ...options.capabilities, embeddings: true };
  const engine = startLibllama(id, { path, contextTokens, threads: threadsFor(options.threads) }, maxWaiting);

  async function* ask(request: AskRequest, context: CallContext): AsyncGenerator<AskEvent> {
    mustAsk(request, true);
    await mustBeFile(id, path);
    for await (const { port, token, model } of engine.hold(context.signal)) {
      const baseUrl = new URL(`http://127.0.0.1:${port}/v1`);
      const remote = {
        id,
        model,
        baseUrl,
        keys: { apiKey: token, apiSecret: null, appId: null },
        keyName: '',
        maxTokensField: 'max_tokens',
        capabilities,
      } as const;
      yield* openAi(remote, LOCAL_VECTORS_SHAPE).ask(request, context);
      return;
    }
  }

  return {
    ...{ id, capabilities, ask },
    accepts: () => false,
    async warm() {
      await mustBeFile(id, path);
      await engine.open(new AbortController().signal);
    },
    close: () => engine.close(),
  };
}

async function mustBeFile(id: string, path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile()) return;
  throw new SensoriumError('ask.unknown-model', `${id} has no weights: ${basename(path)} is not a file.`, {
    hint: 'Check the path, or fetch a model of the store with `sensorium models pull NAME`.',
  });
}
