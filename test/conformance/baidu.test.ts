import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { languageModelFor, listRemoteModels } from '#ask/index.ts';
import { baiduConformance } from '../../src/conformance/baidu/speech.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';
import { soundOf } from '../../src/perceive/hear/__fixtures__/sound.ts';
import { remoteRecogniserFor } from '../../src/perceive/hear/engines/remote/index.ts';
import { remoteSpeechFor } from '../../src/speak/engines/remote/index.ts';

describe('baidu, as the conformance server says to configure it', () => {
  let server: Running;
  let config: { providers: Readonly<Record<string, object>> };
  beforeAll(async () => {
    server = await startConformance(baiduConformance);
    config = baiduConformance.configure(server.origin) as typeof config;
  });
  afterAll(async () => {
    expect(server.faults).toEqual([]);
    await server.close();
  });
  const context = { signal: new AbortController().signal, note: () => {} };

  it('what was spoken is heard again, as long as it was', async () => {
    const voice = await remoteSpeechFor('baidu:106', config);
    const chunks: Float32Array[] = [];
    const sentence = { text: '今天天气很好，我们出去走走吧。', voice: 'baidu:106', speed: 1 };
    for await (const chunk of voice.speak(sentence, context)) chunks.push(chunk);
    const pcm = Float32Array.from(chunks.flatMap((chunk) => [...chunk]));
    // 15 characters at 60 ms.
    expect(pcm.length / voice.sampleRateHz).toBe(0.9);

    const recogniser = await remoteRecogniserFor('baidu:asr', config);
    const speech = [{ startMs: 0, endMs: 900 }];
    const texts: string[] = [];
    for await (const segment of recogniser.hear({ part: 'part-1', sound: soundOf(pcm), speech }, context)) {
      texts.push(segment.text);
    }
    // With the silence before and after it.
    expect(texts).toEqual(['这段录音有1.5秒。']);
    expect(server.seen.filter(({ path }) => path === '/oauth/2.0/token')).toHaveLength(1);
  });

  it('has no language models, and is not asked for a list of them', async () => {
    await expect(languageModelFor('baidu:ernie', config)).rejects.toMatchObject({ code: 'ask.unknown-model' });
    expect(await listRemoteModels(config.providers)).toEqual({ models: [], unreachable: [] });
  });
});
