import type { LanguageModel } from '#contract/ports.ts';
import { askAbout, type Found, withDiscovery } from '../found.ts';
import { openAi } from '../openai/engine.ts';
import { isObject } from '../openai/usage.ts';
import type { RemoteOptions } from '../remote.ts';
import { LLAMA_SERVER_SHAPE } from './shape.ts';

/** The model a llama.cpp server runs, which says itself what it takes (`GET /props`). */
export function llamaServer(options: RemoteOptions): Promise<LanguageModel> {
  return withDiscovery(openAi(options, LLAMA_SERVER_SHAPE), 'GET /props', async () => {
    const props = await askAbout(options, 'props');
    return isObject(props?.modalities) ? foundIn(props.modalities) : null;
  });
}

/** Video needs a program beside the server, of which not every build speaks, so silence about it says nothing. */
function foundIn({ vision, audio, video }: Readonly<Record<string, unknown>>): Found {
  return {
    input: {
      ...(typeof vision === 'boolean' ? { image: vision } : {}),
      ...(typeof audio === 'boolean' ? { audio } : {}),
      ...(typeof video === 'boolean' ? { video } : {}),
      ...(vision === false ? { video: false } : {}),
      document: false,
    },
  };
}
