import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { loadConfig } from '#config/index.ts';
import { DEFAULTS } from '#config/schema.ts';
import type { Report } from '#contract/report.ts';
import { openSensorium } from '#pipeline/index.ts';
import { type Servers, startServers } from './open.ts';

/** A real recording of a Chinese sentence; the data beside the project may be absent. */
const RECORDING = new URL('../../../shared/data/audio/zh_plan.wav', import.meta.url).pathname;

/** One end to end for each family: who is asked, which way the recording must go, who hears and who speaks where it does not. */
const FAMILIES = [
  {
    family: 'Qwen, hears',
    model: 'qwen:qwen3-omni-flash',
    route: 'native',
    servers: ['qwen'],
    hear: 'qwen:qwen3-asr-flash',
    voice: 'model:Cherry',
  },
  {
    family: 'Qwen, deaf',
    model: 'qwen:qwen3-vl-plus',
    route: 'text',
    servers: ['qwen'],
    hear: 'qwen:qwen3-asr-flash',
    voice: 'qwen:Cherry',
  },
  {
    family: 'GLM, hears',
    model: 'glm:glm-4-voice',
    route: 'native',
    servers: ['glm'],
    hear: 'glm:glm-asr-2512',
    voice: 'model',
  },
  {
    family: 'GLM, deaf',
    model: 'glm:glm-4.6',
    route: 'text',
    servers: ['glm'],
    hear: 'glm:glm-asr-2512',
    voice: 'glm:tongtong',
  },
  {
    family: 'ERNIE',
    model: 'ernie:ernie-4.5-turbo-128k',
    route: 'text',
    servers: ['ernie', 'baidu'],
    hear: 'baidu:asr',
    voice: 'baidu:0',
  },
  {
    family: 'Spark',
    model: 'spark:4.0Ultra',
    route: 'text',
    servers: ['spark', 'iflytek'],
    hear: 'iflytek:iat',
    voice: 'iflytek:xiaoyan',
  },
  {
    family: 'LLaMA at vLLM',
    model: 'vllm:meta-llama/Llama-4-Scout-17B-16E-Instruct',
    route: 'text',
    servers: ['vllm', 'openai', 'cosyvoice'],
    hear: 'openai:whisper-1',
    voice: 'cosyvoice:中文女',
  },
  {
    family: 'self-hosted, hears',
    model: 'vllm:Qwen/Qwen2-Audio-7B-Instruct',
    route: 'native',
    servers: ['vllm', 'openai'],
    hear: 'openai:whisper-1',
    voice: 'openai:alloy',
  },
] as const;

describe.skipIf(!existsSync(RECORDING))('a spoken Chinese question to each family', () => {
  let servers: Servers | undefined;
  afterEach(() => servers?.close());

  it.each(FAMILIES)(
    '$family: $route, answered, spoken',
    async ({ family, model, route, servers: names, hear, voice }) => {
      servers = await startServers(names);
      const loaded = loadConfig();
      const config = {
        ...DEFAULTS,
        ask: { ...DEFAULTS.ask, model },
        hear: { ...DEFAULTS.hear, model: hear },
        providers: servers.providers,
      };
      const sensorium = openSensorium({ ...loaded, config: config as typeof loaded.config });
      let report: Report | null = null;
      let soundMs = 0;
      try {
        const media = [{ kind: 'path', path: RECORDING }] as const;
        for await (const event of sensorium.answer({ question: null, media, voice, speed: 1 })) {
          if (event.kind === 'report-made') report = event.report;
          if (event.kind === 'speech-chunk') soundMs += (event.pcm.length * 1000) / event.sampleRateHz;
        }
      } finally {
        await sensorium.close();
      }
      if (!report) throw new Error('There was no report.');
      const [step] = report.plan;
      console.log(
        [
          `${family}: ${step?.explanation.zh}`,
          ...report.perceptions.map(({ text }) => `  heard: ${text}`),
          `  answer: ${report.answer.text}`,
          `  ledger: ${report.ledger.verdict.headline} (${report.ledger.losses.map(({ kind }) => kind).join(', ') || 'no losses'})`,
          `  spoken: ${Math.round(soundMs)} ms by ${report.speech?.engine}`,
        ].join('\n'),
      );
      for (const { faults } of servers.running.values()) expect(faults).toEqual([]);
      expect(step).toMatchObject({ route });
      expect(report.answer.text).not.toBe('');
      expect(soundMs).toBeGreaterThan(50);
      expect(report.speech).not.toBeNull();
      if (route === 'text') expect(report.perceptions[0]?.text).not.toBe('');
    },
  );
});

it.runIf(!existsSync(RECORDING))('counts what it skipped', () => {
  console.log(`${FAMILIES.length} families skipped: the shared recordings are not here`);
});
