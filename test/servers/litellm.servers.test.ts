import { expect } from 'vitest';
import { languageModelFor } from '#ask/index.ts';
import type { AskRequest } from '#contract/chat.ts';
import { installLitellm, LITELLM_VERSION } from '../../bench/gateway/peers.ts';
import { OPENAI_TEST_KEY } from '../../src/conformance/openai/key.ts';
import { openAiConformance } from '../../src/conformance/openai/server.ts';
import { QWEN_TEST_KEY, qwenConformance } from '../../src/conformance/qwen/server.ts';
import { VLLM_TEST_KEY, vllmConformance } from '../../src/conformance/vllm/chat.ts';
import { type Asked, asked, HELLO } from '../conformance/http-exam.ts';
import { judged } from './judge.ts';
import { startProxy, type TheirProxy, type Upstream } from './litellm.ts';

const UPSTREAMS: readonly Upstream[] = [
  { server: openAiConformance, model: 'openai/gpt-test', path: '/v1', key: OPENAI_TEST_KEY },
  { server: qwenConformance, model: 'dashscope/qwen-plus', path: '/compatible-mode/v1', key: QWEN_TEST_KEY },
  { server: vllmConformance, model: 'hosted_vllm/Qwen/Qwen2.5-VL-7B-Instruct', path: '/v1', key: VLLM_TEST_KEY },
];

const PATIENCE = { retryBaseMs: 1, stallTimeoutMs: 1_500, failuresBeforeRest: 0 };

judged(
  {
    name: `LiteLLM proxy ${LITELLM_VERSION} before our conformance servers`,
    prepare: () => installLitellm((line) => console.log(line), new AbortController().signal),
  },
  (command) => startProxy(command, UPSTREAMS),
  (check) => {
    const open = (proxy: TheirProxy, name: string, apiKey = proxy.key) =>
      languageModelFor(`proxy:${name}`, {
        providers: { proxy: { baseUrl: `${proxy.url}/v1`, apiKey, patience: PATIENCE } },
      });
    /** Asks through the proxy while the server behind it plays a case; the last is how often that one was asked. */
    async function ask(
      proxy: TheirProxy,
      name: string,
      play = 'happy',
      request: AskRequest = HELLO,
    ): Promise<Asked & { readonly times: number; readonly faults: readonly string[] }> {
      const server = proxy.behind[name];
      if (!server) throw new Error(`Nobody stands behind ${name}.`);
      const before = server.seen.length;
      server.play(play);
      const got = await asked(await open(proxy, name), request);
      server.play('happy');
      return { ...got, times: server.seen.length - before, faults: server.faults.splice(0) };
    }

    for (const { server } of UPSTREAMS) {
      const { name } = server;

      check(`${name}: streams what the server said, word for word, and what it cost`, async (proxy) => {
        const { text, answer, error, events, faults } = await ask(proxy, name);
        expect([error, faults]).toEqual([null, []]);
        expect(text).toMatch(name === 'vllm' ? /^画面里有一只猫，on a mat 🐈。$/ : /^现在是下午三点，it's 3 pm 🕒。$/);
        expect(answer).toMatchObject({ finishReason: 'stop', usage: { inputTokens: expect.any(Number) } });
        expect(events.filter(({ kind }) => kind === 'text-delta').length).toBeGreaterThan(2);
      });

      check(`${name}: too many requests are tried again as often as ever, and said to be too many`, async (proxy) => {
        const { error, times } = await ask(proxy, name, 'rate-limited');
        expect([error?.code, times]).toEqual(['ask.rate-limited', 3]);
      });

      check(`${name}: a question that a filter stops is refused, and not tried again`, async (proxy) => {
        const { error, text, times } = await ask(proxy, name, 'filtered-input');
        expect([error?.code, text, times]).toEqual(['ask.refused', '', 1]);
      });

      check(`${name}: an answer that a filter stops never looks whole`, async (proxy) => {
        const { answer, error, text } = await ask(proxy, name, 'filtered-output');
        expect(text).not.toBe('');
        // Qwen says it as an error, which the proxy passes on as a server’s failure.
        if (name === 'qwen') expect(error?.code).toBe('ask.upstream-failed');
        else expect(answer?.finishReason).toBe('content-filter');
      });

      check(`${name}: a server that fails in the middle fails here too, after what had come`, async (proxy) => {
        const { error, text } = await ask(proxy, name, 'failed-midway');
        expect(error?.code).toBe('ask.upstream-failed');
        expect(text).not.toBe('');
      });

      check(`${name}: a stream that stands still is given up`, async (proxy) => {
        expect((await ask(proxy, name, 'stalled')).error?.code).toBe('ask.upstream-failed');
      });

      // The client cannot know: the proxy adds the reason that the server behind it never gave.
      check(`${name}: a stream that is cut off comes from the proxy as if it were whole`, async (proxy) => {
        const good = await ask(proxy, name);
        const { answer, text, error } = await ask(proxy, name, 'cut-off');
        expect([error, answer?.finishReason]).toEqual([null, 'stop']);
        expect(text.length).toBeLessThan(good.text.length);
        expect(good.text.startsWith(text)).toBe(true);
      });

      check(`${name}: a key the server refuses is the key's fault`, async (proxy) => {
        expect((await ask(proxy, name, 'bad-key')).error?.code).toBe('ask.key-refused');
      });

      check(`${name}: a connection that breaks is an error and never an answer`, async (proxy) => {
        const { answer, error } = await ask(proxy, name, 'reset-midway');
        expect([answer, error?.code]).toEqual([null, 'ask.upstream-failed']);
      });
    }

    check('answers in one piece', async (proxy) => {
      for (const name of ['openai', 'vllm']) {
        const { text, answer, faults } = await ask(proxy, name, 'happy', { ...HELLO, stream: false });
        expect([text, faults]).toEqual([(await ask(proxy, name)).text, []]);
        expect(answer?.usage?.outputTokens).toBeGreaterThan(0);
      }
    });

    check('hands on a picture as it is', async (proxy) => {
      const { mediaPart } = await import('../../src/ask/__fixtures__/media.ts');
      const { colourPng } = await import('../../src/ask/dialects/local-mtmd/__fixtures__/media-bytes.ts');
      const media = mediaPart('image', 'image/png', colourPng([255, 0, 0]));
      const messages = [{ role: 'user' as const, content: [{ kind: 'media' as const, media }] }];
      const { text, faults, error } = await ask(proxy, 'openai', 'happy', { messages });
      expect([error, faults]).toEqual([null, []]);
      expect(text).toContain('I was sent');
    });

    check('has a key of its own, which is not repeated', async (proxy) => {
      const { error } = await asked(await open(proxy, 'openai', 'sk-made-up-and-wrong'), HELLO);
      // Without a database it looks for keys in, it answers 400 and says so.
      expect([error?.code, error?.message]).toEqual(['ask.refused', expect.stringContaining('No connected db')]);
      expect(JSON.stringify([error?.message, error?.hint, error?.details])).not.toContain('made-up-and-wrong');
    });

    check('says that it has no such model', async (proxy) => {
      const { error } = await asked(await open(proxy, 'no-such-model'), HELLO);
      expect(error?.code).toMatch(/^ask\.(unknown-model|refused)$/);
    });
  },
);
