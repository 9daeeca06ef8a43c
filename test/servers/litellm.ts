import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../bench/gateway/processes.ts';
import { type ConformanceServer, type Running, startConformance } from '../../src/conformance/server.ts';
import { type Started, startServer } from './judge.ts';

/** A vendor as the proxy is told of it. */
export interface Upstream {
  readonly server: ConformanceServer;
  /** `provider/model`, by LiteLLM's names for providers. */
  readonly model: string;
  readonly path: string;
  readonly key: string;
}

/** The proxy at work, with our conformance servers behind it. */
export interface TheirProxy extends Started {
  readonly url: string;
  readonly key: string;
  readonly behind: Readonly<Record<string, Running>>;
}

const PROXY_KEY = 'sk-key-of-the-proxy';

/** Starts a LiteLLM proxy before conformance servers: a model for each, by the server's name. */
export async function startProxy(command: string, upstreams: readonly Upstream[]): Promise<TheirProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'sensorium-servers-'));
  const behind: Record<string, Running> = {};
  const endBehind = async () => {
    for (const running of Object.values(behind)) await running.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    for (const { server } of upstreams) behind[server.name] = await startConformance(server);
    const model_list = upstreams.map(({ server: { name }, model, path, key }) => ({
      model_name: name,
      litellm_params: { model, api_base: `${behind[name]?.origin}${path}`, api_key: key, max_retries: 0 },
    }));
    const config = join(folder, 'config.yaml');
    // JSON is YAML.
    writeFileSync(
      config,
      JSON.stringify({
        model_list,
        litellm_settings: { num_retries: 0, telemetry: false },
        // One failure must not make it leave a server in peace for a while.
        router_settings: { num_retries: 0, disable_cooldowns: true },
        general_settings: { master_key: PROXY_KEY },
      }),
    );
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const running = await startServer(
      command,
      ['--config', config, '--host', '127.0.0.1', '--port', `${port}`, '--num_workers', '1'],
      `${url}/health/liveliness`,
      // Nothing is fetched or sent home, and no .env of the folder we are in is read.
      { LITELLM_LOCAL_MODEL_COST_MAP: 'True', LITELLM_MODE: 'PRODUCTION', LITELLM_TELEMETRY: 'False' },
    );
    return { url, key: PROXY_KEY, behind, end: () => running.end().then(endBehind) };
  } catch (error) {
    await endBehind();
    throw error;
  }
}
