import { expect } from 'vitest';
import { languageModelFor, listRemoteModels } from '#ask/index.ts';
import type { AskRequest } from '#contract/chat.ts';
import type { LanguageModel } from '#contract/ports.ts';
import type { Provider } from '#upstream/endpoint.ts';
import { asked } from '../conformance/http-exam.ts';
import type { Started } from './judge.ts';

/** A server of somebody else with a small language model behind it. */
export interface ChatServer extends Started {
  readonly url: string;
  readonly key: string;
}

/** What is to be expected of this server and not of every one. */
export interface Ways {
  readonly dialect: string;
  /** Whether it looks at the name of the model. */
  readonly minds: boolean;
  /** Whether it says in its stream what the answer cost, when it is asked to. */
  readonly counts: boolean;
  /** Whether it keeps to a JSON Schema. */
  readonly keepsToSchemas: boolean;
  /** Whether it also says in a stream that a question is too long, and does not only end it. */
  readonly explainsStreams: boolean;
}

type Check = (title: string, what: (server: ChatServer) => Promise<void>) => void;

const user = (content: string): AskRequest => ({ messages: [{ role: 'user', content }], temperature: 0, seed: 1 });
const COUNT = { ...user('Count from 1 to 9, with commas and no spaces.'), maxTokens: 30 };

/** The checks of a server that speaks OpenAI's chat completions over a real model that follows simple orders. */
export function checkChat(
  check: Check,
  model: string,
  { dialect, minds, counts, keepsToSchemas, explainsStreams }: Ways,
): void {
  const providerOf = ({ url, key }: ChatServer, apiKey = key): Provider => ({
    baseUrl: `${url}/v1`,
    apiKey,
    dialect,
    patience: { retryBaseMs: 1, failuresBeforeRest: 0 },
  });
  const open = (server: ChatServer, name = model, key?: string): Promise<LanguageModel> =>
    languageModelFor(`theirs:${name}`, { providers: { theirs: providerOf(server, key) } });
  const ask = async (server: ChatServer, request: AskRequest, name?: string) => {
    const got = await asked(await open(server, name), request);
    if (got.error) throw got.error;
    expect(got.answer?.text).toBe(got.text);
    return got;
  };

  check('streams an answer, piece by piece', async (server) => {
    const { events, answer } = await ask(server, COUNT);
    expect(events.filter(({ kind }) => kind === 'text-delta').length).toBeGreaterThan(3);
    expect(answer).toMatchObject({ text: expect.stringContaining('1,2,3'), finishReason: 'stop' });
    if (counts)
      expect(answer?.usage).toMatchObject({ inputTokens: expect.any(Number), outputTokens: expect.any(Number) });
  });

  check('answers in one piece with the same words', async (server) => {
    const { answer } = await ask(server, { ...COUNT, stream: false });
    expect(answer?.text).toBe((await ask(server, COUNT)).text);
    expect(answer?.usage?.outputTokens).toBeGreaterThan(5);
  });

  check('ends at a text to stop at', async (server) => {
    const { answer } = await ask(server, { ...COUNT, stop: ['5'] });
    expect(answer).toMatchObject({ text: expect.stringMatching(/^1,2,3,4,?$/), finishReason: 'stop' });
  });

  check('ends at the longest answer allowed and says so', async (server) => {
    const { answer } = await ask(server, { ...COUNT, maxTokens: 3 });
    expect(answer).toMatchObject({ text: expect.stringMatching(/^.{1,12}$/), finishReason: 'length' });
  });

  check('answers in JSON', async (server) => {
    const request = { ...user('Give the colour of the sky as a JSON object.'), maxTokens: 80 };
    const { text, losses } = await ask(server, { ...request, responseFormat: { kind: 'json' } });
    expect(losses).toEqual([]);
    expect(JSON.parse(text)).toBeTypeOf('object');
  });

  check(
    keepsToSchemas ? 'keeps to a schema' : 'refuses a schema, and does not answer as if there were none',
    async (server) => {
      const schema = {
        type: 'object',
        properties: { colour: { enum: ['red', 'blue'] }, sure: { type: 'boolean' } },
        required: ['colour', 'sure'],
        additionalProperties: false,
      };
      const responseFormat = { kind: 'json-schema', name: 'sky', schema } as const;
      const request = { ...user('Which colour has the sky?'), maxTokens: 60, responseFormat };
      const { text, error } = await asked(await open(server), request);
      if (keepsToSchemas) {
        expect(JSON.parse(text)).toEqual({ colour: expect.stringMatching(/^(red|blue)$/), sure: expect.any(Boolean) });
      } else {
        expect([text, error?.code]).toEqual(['', 'ask.upstream-failed']);
        expect(error?.message).toContain('json_schema');
      }
    },
  );

  check('answers a question in Chinese', async (server) => {
    const { text } = await ask(server, { ...user('法国的首都是哪里？用一句话回答。'), maxTokens: 40 });
    expect(text).toContain('巴黎');
  });

  check('goes on with a conversation', async (server) => {
    const messages = [
      { role: 'system', content: 'You answer in one word.' },
      { role: 'user', content: 'My cat is called Miso.' },
      { role: 'assistant', content: 'Nice.' },
      { role: 'user', content: 'What is my cat called?' },
    ] as const;
    expect((await ask(server, { messages, temperature: 0, maxTokens: 12 })).text).toContain('Miso');
  });

  check('lets go when the caller does, and answers the next question', async (server) => {
    const controller = new AbortController();
    const theirs = await open(server);
    const long = { ...user('Write a long story about the sea.'), maxTokens: 500 };
    let pieces = 0;
    const asking = (async () => {
      for await (const event of theirs.ask(long, { signal: controller.signal, note: () => {} })) {
        if (event.kind === 'text-delta' && ++pieces === 3) controller.abort();
      }
    })();
    await expect(asking).rejects.toMatchObject({ code: 'kit.cancelled' });
    // A server that wrote on would keep the one place it has for as long as 500 tokens take.
    expect((await ask(server, { ...COUNT, maxTokens: 5 })).text).not.toBe('');
  });

  check('says that a question is too long', async (server) => {
    const long = user('word '.repeat(3_000));
    const whole = await asked(await open(server), { ...long, stream: false });
    expect([whole.text, whole.error?.code]).toEqual(['', 'ask.too-long']);
    const streamed = await asked(await open(server), long);
    expect([streamed.text, streamed.error?.code]).toEqual([
      '',
      explainsStreams ? 'ask.too-long' : 'ask.upstream-failed',
    ]);
  });

  check('says that the key is wrong, and not which', async (server) => {
    const { error } = await asked(await open(server, model, 'sk-made-up-and-wrong'), COUNT);
    expect(error?.code).toBe('ask.key-refused');
    expect(JSON.stringify([error?.message, error?.hint, error?.details])).not.toContain('made-up-and-wrong');
  });

  check(
    minds ? 'says that there is no such model' : 'answers with the one model it has, whatever its name',
    async (server) => {
      const { error, answer } = await asked(await open(server, 'no-such-model'), { ...COUNT, maxTokens: 5 });
      if (minds) expect(error?.code).toBe('ask.unknown-model');
      else expect(answer?.text).not.toBe('');
    },
  );

  check('lists its model', async (server) => {
    const { models, unreachable } = await listRemoteModels({ theirs: providerOf(server) });
    expect(unreachable).toEqual([]);
    expect(models.length).toBeGreaterThan(0);
  });
}
