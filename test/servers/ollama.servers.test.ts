import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { languageModelFor } from '#ask/index.ts';
import type { AskRequest } from '#contract/chat.ts';
import { mediaPart } from '../../src/ask/__fixtures__/media.ts';
import { colourPng } from '../../src/ask/dialects/local-mtmd/__fixtures__/media-bytes.ts';
import { ollamaConformance } from '../../src/conformance/ollama/chat.ts';
import { type Running, startConformance } from '../../src/conformance/server.ts';
import { once } from '../compat/install.ts';
import { runProgram } from '../compat/program.ts';
import { asked, HELLO } from '../conformance/http-exam.ts';
import { judged } from './judge.ts';

/**
 * No server with Ollama's API over a GGUF file can be had here as a package (see README.md), so Ollama's own client is the
 * judge: it must get along with our stand-in for the server, and our dialect must send what it sends.
 */
const CLIENT = 'ollama@0.6.4';
const MODEL = 'llama3.2-vision:11b';

interface Reply {
  readonly message: { readonly content: string; readonly tool_calls?: readonly unknown[] };
  readonly done_reason: string;
}
interface Client {
  chat(request: object): Promise<Reply & AsyncIterable<Reply>>;
  show(request: object): Promise<{ readonly capabilities: readonly string[] }>;
}
type Making = new (options: { readonly host: string }) => Client;

interface Both {
  readonly server: Running;
  readonly theirs: Client;
  end(): Promise<void>;
}

judged(
  {
    name: `Ollama’s own client (${CLIENT}) and our stand-in for its server`,
    prepare: async (): Promise<Making> => {
      const folder = await once(CLIENT, CLIENT, async (into) => {
        await runProgram('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefix', into, CLIENT]);
      });
      const module = await import(pathToFileURL(join(folder, 'node_modules/ollama/dist/index.mjs')).href);
      return module.Ollama;
    },
  },
  async (Ollama): Promise<Both> => {
    const server = await startConformance(ollamaConformance);
    return { server, theirs: new Ollama({ host: server.origin }), end: () => server.close() };
  },
  (check) => {
    const ours = async ({ server }: Both, request: AskRequest) => {
      const model = await languageModelFor(`ollama:${MODEL}`, {
        providers: { ollama: { baseUrl: `${server.origin}/v1` } },
      });
      return asked(model, request);
    };
    /** What was sent in the latest question, and that nothing was wrong with any. */
    const sent = ({ server }: Both) => {
      expect(server.faults.splice(0)).toEqual([]);
      return server.seen.findLast(({ path }) => path === '/api/chat')?.json();
    };

    check('it reads the stand-in’s stream as our dialect does', async (both) => {
      let text = '';
      let reason = '';
      const messages = [{ role: 'user', content: '你好，请问现在几点？' }];
      for await (const { message, done_reason } of await both.theirs.chat({ model: MODEL, messages, stream: true })) {
        text += message.content;
        reason = done_reason ?? reason;
      }
      const got = await ours(both, HELLO);
      expect([got.text, got.answer?.finishReason]).toEqual([text, reason]);
      sent(both);
    });

    check('it reads an answer in one piece as our dialect does', async (both) => {
      const reply = await both.theirs.chat({ model: MODEL, messages: HELLO.messages, stream: false });
      const got = await ours(both, { ...HELLO, stream: false });
      expect([got.text, got.answer?.finishReason]).toEqual([reply.message.content, reply.done_reason]);
      sent(both);
    });

    check('our dialect sends a picture, options and a format as it does', async (both) => {
      const bytes = colourPng([255, 0, 0]);
      const schema = { type: 'object', properties: { colour: { type: 'string' } } };
      await both.theirs.chat({
        model: MODEL,
        messages: [{ role: 'user', content: 'Which colour?', images: [bytes] }],
        stream: false,
        format: schema,
        options: { temperature: 0, num_predict: 9, seed: 7, stop: ['!'] },
      });
      const theirs = sent(both);
      const content = [
        { kind: 'text', text: 'Which colour?' },
        { kind: 'media', media: mediaPart('image', 'image/png', bytes) },
      ] as const;
      await ours(both, {
        messages: [{ role: 'user', content }],
        stream: false,
        temperature: 0,
        maxTokens: 9,
        seed: 7,
        stop: ['!'],
        responseFormat: { kind: 'json-schema', name: 'answer', schema },
      });
      expect(sent(both)).toEqual(theirs);
    });

    check('our dialect sends functions, their calls and results as it does', async (both) => {
      const parameters = { type: 'object', properties: { city: { type: 'string' } } };
      const weather = { name: 'weather', description: 'Tells the weather.', parameters };
      await both.theirs.chat({
        model: MODEL,
        messages: [
          { role: 'user', content: '北京天气？' },
          {
            role: 'assistant',
            content: '',
            tool_calls: [{ function: { name: 'weather', arguments: { city: '北京' } } }],
          },
          { role: 'tool', content: '晴', tool_name: 'weather' },
        ],
        stream: false,
        tools: [{ type: 'function', function: weather }],
      });
      const theirs = sent(both);
      await ours(both, {
        messages: [
          { role: 'user', content: '北京天气？' },
          { role: 'assistant', content: '', toolCalls: [{ id: 'a', name: 'weather', arguments: '{"city":"北京"}' }] },
          { role: 'tool', content: '晴', toolCallId: 'a' },
        ],
        stream: false,
        tools: [weather],
      });
      expect(sent(both)).toEqual(theirs);
    });

    check('it learns of the stand-in what the model takes, as we do', async (both) => {
      const { capabilities } = await both.theirs.show({ model: MODEL });
      expect(capabilities).toContain('vision');
      const model = await languageModelFor(`ollama:${MODEL}`, {
        providers: { ollama: { baseUrl: `${both.server.origin}/v1` } },
      });
      expect(model.capabilities.input.image).toBe(true);
    });

    check('it takes the stand-in’s refusal for one, as we do', async (both) => {
      both.server.play('not-pulled');
      const asking = both.theirs.chat({ model: MODEL, messages: HELLO.messages, stream: false });
      await expect(asking).rejects.toThrow('not found');
      const { error } = await ours(both, HELLO);
      both.server.play('happy');
      expect(error?.code).toBe('ask.unknown-model');
    });
  },
);
