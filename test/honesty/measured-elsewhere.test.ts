import { describe, expect, it } from 'vitest';
import { REMOTE_DIALECTS } from '#ask/dialects/index.ts';
import { languageModelFor } from '#ask/index.ts';
import { REMOTE_RECOGNISERS, remoteRecogniserFor } from '#perceive/hear/engines/remote/index.ts';
import { startServers } from '../families/open.ts';
import { constantsIn, figuresIn } from './figures.ts';
import { heardBy, saidBy } from './said.ts';

/** Every way to talk to a model elsewhere, the conformance server that stands in for it, and a model there. */
const DIALECTS: Readonly<Record<string, readonly [server: string, model: string, provider?: object]>> = {
  openai: ['openai', 'openai:gpt-4o'],
  qwen: ['qwen', 'qwen:qwen-plus'],
  glm: ['glm', 'glm:glm-4.6'],
  'glm-jwt': ['glm', 'glm:glm-4.6', { dialect: 'glm-jwt' }],
  ernie: ['ernie', 'ernie:ernie-4.5-turbo-128k'],
  spark: ['spark', 'spark:4.0Ultra'],
  'spark-socket': ['iflytek', 'iflytek:generalv3.5'],
  anthropic: ['anthropic', 'anthropic:claude-sonnet-4-5'],
  gemini: ['gemini', 'gemini:gemini-2.5-flash'],
  vllm: ['vllm', 'vllm:some-model'],
  'vllm-omni': ['vllm-omni', 'vllm-omni:Qwen/Qwen3-Omni-30B-A3B-Instruct'],
  sglang: ['sglang', 'sglang:default'],
  'llama-server': ['llama-server', 'llama-server:default'],
  ollama: ['ollama', 'ollama:llama3.2-vision:11b'],
  'video-llama-tcp': ['video-llama-tcp', 'video-llama:VideoLLaMA3-7B'],
};

/** Refuses words alone, so there is nothing it could say here; its exam is test/conformance/video-llama-controller.test.ts. */
const SPEECHLESS = ['video-llama-controller'];

const RECOGNISERS: Readonly<Record<string, readonly [server: string, model: string]>> = {
  openai: ['openai', 'openai:gpt-4o-transcribe'],
  qwen: ['qwen', 'qwen:qwen3-asr-flash'],
  glm: ['glm', 'glm:glm-asr-2512'],
  baidu: ['baidu', 'baidu:asr'],
  iflytek: ['iflytek', 'iflytek:iat'],
};

function tell(name: string, given: unknown): void {
  const figures = [...figuresIn(given)].map(([figure, values]) => `${figure}: ${new Set(values).size} different`);
  console.log(`${name}: ${figures.join('; ') || 'no figures'}`);
}

describe('measured or null, elsewhere', () => {
  it('knows every way to talk to a model and every server that hears', () => {
    expect([...Object.keys(DIALECTS), ...SPEECHLESS].sort()).toEqual(Object.keys(REMOTE_DIALECTS).sort());
    expect(Object.keys(RECOGNISERS).sort()).toEqual(Object.keys(REMOTE_RECOGNISERS).sort());
  });

  it.each(Object.entries(DIALECTS))(
    'the dialect %s gives no figure that is always the same',
    async (name, [server, id, more]) => {
      const servers = await startServers([server]);
      try {
        const [provider = ''] = id.split(':');
        const providers = { ...servers.providers, [provider]: { ...servers.providers[provider], ...more } };
        const model = await languageModelFor(id, { providers });
        const given = await saidBy(model);
        await model.close();
        tell(name, given);
        expect(JSON.stringify(given).length).toBeGreaterThan(100);
        expect(constantsIn(given)).toEqual([]);
      } finally {
        await servers.close();
      }
    },
  );

  it.each(Object.entries(RECOGNISERS))(
    'the recogniser at %s gives no figure that is always the same',
    async (name, [server, id]) => {
      const servers = await startServers([server]);
      try {
        const recogniser = await remoteRecogniserFor(id, { providers: servers.providers });
        const given = await heardBy(recogniser);
        await recogniser.close();
        tell(name, given);
        expect(JSON.stringify(given).length).toBeGreaterThan(100);
        expect(constantsIn(given)).toEqual([]);
      } finally {
        await servers.close();
      }
    },
  );
});
