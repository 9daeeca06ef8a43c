import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installLitellm, installPortkey, LITELLM_VERSION, PORTKEY_VERSION } from './peers.ts';
import { freePort, type Running, startCommand, startProgram, untilHealthy } from './processes.ts';
import type { Target } from './programs/messages.ts';
import { MODEL } from './programs/payload.ts';

export const SENSORIUM = fileURLToPath(new URL('../../bin/sensorium.js', import.meta.url));
/** LiteLLM reads half a minute's worth of Python when nothing of it is in the disk cache. */
export const START_LIMIT_MS = 120_000;

/** What a subject is started with. */
export interface Setting {
  readonly programs: string;
  readonly upstreamPort: number;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface Started {
  readonly target: Target;
  /** From starting the process to its first answer. */
  readonly startSeconds: number;
  end(): Promise<void>;
}

export interface Subject {
  readonly title: string;
  /** Throws when it cannot be installed or does not become healthy: it is then reported as missing. */
  start(setting: Setting): Promise<Started>;
}

const KEY = { authorization: 'Bearer bench' };

/** In the order they are measured and shown. */
export const SUBJECTS = {
  direct: {
    title: 'direct (no gateway)',
    async start({ upstreamPort }) {
      const target = { baseUrl: baseUrlOf(upstreamPort), model: MODEL, headers: {}, pid: null };
      return { target, startSeconds: 0, end: async () => {} };
    },
  },
  bare: {
    title: 'bare node:http proxy',
    start: (setting) =>
      open(setting, '/counts', {}, MODEL, (port) =>
        startProgram(join(setting.programs, 'bare.js'), [`${port}`, `${setting.upstreamPort}`]),
      ),
  },
  fastify: {
    title: 'Fastify pass-through',
    start: (setting) =>
      open(setting, '/healthz', {}, MODEL, (port) =>
        startProgram(join(setting.programs, 'fastify.js'), [`${port}`, `${setting.upstreamPort}`]),
      ),
  },
  sensorium: {
    title: 'Sensorium',
    start: (setting) =>
      inFolder((home) => {
        const provider = {
          baseUrl: baseUrlOf(setting.upstreamPort),
          apiKey: null,
          models: { [MODEL]: { input: ['text', 'audio'] } },
        };
        const config = { providers: { up: provider }, log: { level: 'error' } };
        writeFileSync(join(home, 'config.json'), JSON.stringify(config));
        return open(setting, '/healthz', {}, `up:${MODEL}`, (port) =>
          startCommand(process.execPath, [SENSORIUM, 'serve', '--port', `${port}`], { SENSORIUM_HOME: home }),
        );
      }),
  },
  portkey: {
    title: `Portkey gateway ${PORTKEY_VERSION}`,
    async start(setting) {
      const script = await installPortkey(setting.log, setting.signal);
      const host = { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': baseUrlOf(setting.upstreamPort) };
      return open(setting, '/', { ...KEY, ...host }, MODEL, (port) =>
        startCommand(process.execPath, [script, `--port=${port}`, '--headless'], { NODE_ENV: 'production' }),
      );
    },
  },
  litellm: {
    title: `LiteLLM proxy ${LITELLM_VERSION}`,
    async start(setting) {
      const command = await installLitellm(setting.log, setting.signal);
      return inFolder((home) => {
        const upstream = { model: `openai/${MODEL}`, api_base: baseUrlOf(setting.upstreamPort), api_key: 'bench' };
        const config = join(home, 'config.yaml');
        // JSON is YAML.
        writeFileSync(config, JSON.stringify({ model_list: [{ model_name: MODEL, litellm_params: upstream }] }));
        return open(setting, '/health/liveliness', KEY, MODEL, (port) =>
          startCommand(
            command,
            ['--config', config, '--host', '127.0.0.1', '--port', `${port}`, '--num_workers', '1'],
            // Nothing is fetched or sent home, and no .env of the folder we are in is read.
            { LITELLM_LOCAL_MODEL_COST_MAP: 'True', LITELLM_MODE: 'PRODUCTION', LITELLM_TELEMETRY: 'False' },
          ),
        );
      });
    },
  },
} as const satisfies Readonly<Record<string, Subject>>;
export type SubjectName = keyof typeof SUBJECTS;

function baseUrlOf(port: number): string {
  return `http://127.0.0.1:${port}/v1`;
}

/** A folder of its own for a subject's settings, gone when the subject ends, does not start, or we end. */
async function inFolder(start: (folder: string) => Promise<Started>): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'sensorium-bench-'));
  const remove = () => {
    process.off('exit', remove);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', remove);
  try {
    const started = await start(folder);
    return { ...started, end: () => started.end().finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}

async function open(
  { signal }: Setting,
  healthPath: string,
  headers: Target['headers'],
  model: string,
  start: (port: number) => Running,
): Promise<Started> {
  const port = await freePort();
  const began = performance.now();
  const running = start(port);
  try {
    await untilHealthy(running, `http://127.0.0.1:${port}${healthPath}`, START_LIMIT_MS, signal);
  } catch (error) {
    await running.end();
    throw error;
  }
  const startSeconds = (performance.now() - began) / 1000;
  return { target: { baseUrl: baseUrlOf(port), model, headers, pid: running.pid }, startSeconds, end: running.end };
}
