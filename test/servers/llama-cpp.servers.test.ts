import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { languageModelFor } from '#ask/index.ts';
import type { ContentPart } from '#contract/chat.ts';
import { freePort } from '../../bench/gateway/processes.ts';
import { mediaPart } from '../../src/ask/__fixtures__/media.ts';
import { colourPng, tone } from '../../src/ask/dialects/local-mtmd/__fixtures__/media-bytes.ts';
import { writeTinyModels } from '../../src/ask/dialects/local-mtmd/__fixtures__/tiny-gguf.ts';
import { asked } from '../conformance/http-exam.ts';
import { modelFolder } from '../model-folder.ts';
import { type ChatServer, checkChat } from './chat-checks.ts';
import { judged, pythonWith, startServer } from './judge.ts';

const MODEL = 'qwen2.5-coder-0.5b-instruct';
const KEY = 'key-of-the-judge';
const CONTEXT_TOKENS = '1024';

const requirements = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');
const xllamacpp = requirements('xllamacpp.txt').split('\n')[0] ?? '';
const llamaCppPython = requirements('llama-cpp-python.txt').split('\n')[0] ?? '';
const realModel = async () => join(await modelFolder(MODEL), 'model.gguf');

async function startLlamaServer(python: string, ...files: readonly string[]): Promise<ChatServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const program = new URL('llama_cpp_server.py', import.meta.url).pathname;
  const running = await startServer(python, [program, `${port}`, KEY, CONTEXT_TOKENS, ...files], `${url}/health`);
  return { url, key: KEY, end: running.end };
}

judged(
  {
    name: `llama.cpp’s own server (${xllamacpp}) with ${MODEL}`,
    prepare: async () => ({
      python: await pythonWith('xllamacpp.txt', requirements('xllamacpp.txt')),
      model: await realModel(),
    }),
  },
  ({ python, model }) => startLlamaServer(python, model),
  (check) => {
    checkChat(check, MODEL, {
      dialect: 'llama-server',
      minds: false,
      counts: true,
      keepsToSchemas: true,
      explainsStreams: true,
    });

    check('says itself that it takes words only', async ({ url, key }) => {
      const providers = { theirs: { baseUrl: `${url}/v1`, apiKey: key, dialect: 'llama-server' } };
      const model = await languageModelFor(`theirs:${MODEL}`, { providers });
      expect(model.capabilities.input).toMatchObject({ text: true, image: false, audio: false });
    });
  },
);

judged(
  {
    name: `llama.cpp’s own server (${xllamacpp}) with a tiny model that sees and hears`,
    prepare: async () => ({ python: await pythonWith('xllamacpp.txt', requirements('xllamacpp.txt')) }),
  },
  async ({ python }) => {
    const folder = mkdtempSync(join(tmpdir(), 'sensorium-servers-'));
    const remove = () => rmSync(folder, { recursive: true, force: true });
    try {
      const { model, both } = writeTinyModels(folder);
      const started = await startLlamaServer(python, model, both);
      return { ...started, end: () => started.end().finally(remove) };
    } catch (error) {
      remove();
      throw error;
    }
  },
  (check) => {
    const open = ({ url, key }: ChatServer) =>
      languageModelFor('theirs:tiny', {
        providers: { theirs: { baseUrl: `${url}/v1`, apiKey: key, dialect: 'llama-server' } },
      });
    const ask = async (server: ChatServer, content: readonly ContentPart[]) => {
      const request = { messages: [{ role: 'user' as const, content }], temperature: 0, maxTokens: 12 };
      const { error, answer } = await asked(await open(server), request);
      if (error) throw error;
      return { text: answer?.text ?? '', inputTokens: answer?.usage?.inputTokens ?? 0 };
    };
    const words: ContentPart = { kind: 'text', text: 'What?' };
    const media = (kind: 'image' | 'audio', type: string, bytes: Uint8Array): ContentPart => ({
      kind: 'media',
      media: mediaPart(kind, type, bytes),
    });

    check('says itself that it takes pictures and sound', async (server) => {
      expect((await open(server)).capabilities.input).toMatchObject({ image: true, audio: true });
    });

    check('hears: another sound is another answer, and takes room', async (server) => {
      const low = await ask(server, [media('audio', 'audio/wav', tone(220)), words]);
      const high = await ask(server, [media('audio', 'audio/wav', tone(3_000)), words]);
      expect(high.text).not.toBe(low.text);
      expect(low.inputTokens).toBeGreaterThan((await ask(server, [words])).inputTokens + 50);
    });

    check('sees: another picture is another answer, and takes room', async (server) => {
      const red = await ask(server, [media('image', 'image/png', colourPng([255, 0, 0])), words]);
      const blue = await ask(server, [media('image', 'image/png', colourPng([0, 20, 255])), words]);
      expect(blue.text).not.toBe(red.text);
      expect(red.inputTokens).toBeGreaterThan((await ask(server, [words])).inputTokens + 10);
    });
  },
);

judged(
  {
    name: `${llamaCppPython} with ${MODEL}`,
    // Built from source: about four minutes on two cores.
    prepare: async () => ({
      python: await pythonWith('llama-cpp-python.txt', requirements('llama-cpp-python.txt')),
      model: await realModel(),
    }),
  },
  async ({ python, model }): Promise<ChatServer> => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const args = ['-m', 'llama_cpp.server', '--model', model, '--host', '127.0.0.1', '--port', `${port}`];
    const running = await startServer(
      python,
      [...args, '--api_key', KEY, '--n_ctx', CONTEXT_TOKENS, '--n_threads', '1', '--verbose', 'false'],
      `${url}/v1/models`,
    );
    return { url, key: KEY, end: running.end };
  },
  (check) =>
    checkChat(check, MODEL, {
      dialect: 'openai',
      minds: false,
      counts: false,
      // Seen with 0.3.36: status 500 with a list of what it would take, and a stream that is empty.
      keepsToSchemas: false,
      explainsStreams: false,
    }),
);
