import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { DEFAULTS } from '#config/schema.ts';
import { type Running, startConformance } from '../conformance/server.ts';
import { VLLM_TEST_KEY, vllmConformance } from '../conformance/vllm/chat.ts';
import { tinyModel } from '../inject/engine/__fixtures__/tiny-model.ts';
import type { Sensorium } from './compose.ts';
import { checkGate } from './gate.ts';

const folders: string[] = [];
let server: Running;
afterEach(async () => {
  await server.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

it.each([
  ['embeds-unsafe', 'EMB_SERVER_UNSAFE_VERSION', []],
  ['embeds-off', 'EMB_SERVER_FLAG_OFF', ['/v1/completions']],
  ['embeds-unknown', 'EMB_SERVER_UNSUPPORTED', ['/v1/completions']],
])('the gate asks a server first: %s is %s', async (play, code, sent) => {
  server = await startConformance(vllmConformance, { play });
  const [home, tokenizer] = [mkdtempSync(join(tmpdir(), 'sensorium-gate-remote-')), tinyModel()];
  folders.push(home, tokenizer);
  const providers = {
    vllm: { baseUrl: `${server.origin}/v1`, apiKey: VLLM_TEST_KEY, models: { tiny: { tokenizer } } },
  };
  const loaded = { config: { ...DEFAULTS, providers }, home, origins: new Map() };
  const request = { component: 'identity', model: 'vllm:tiny' };
  const report = await checkGate(request, { loaded, sensorium: {} as Sensorium }, new AbortController().signal);
  expect(report).toMatchObject({ grade: 'refused', fallback: 'text', fingerprint: { width: 8 } });
  expect(report.checks[0]).toMatchObject({
    check: 'server',
    outcome: 'refused',
    code,
    remedy: expect.stringMatching(/\w/),
  });
  expect(server.seen.map(({ path }) => path).filter((path) => path !== '/version')).toEqual(sent);
  expect(server.faults).toEqual([]);
});
