import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { endpointOf } from '#upstream/endpoint.ts';
import { type Running, startConformance } from '../../conformance/server.ts';
import { SGLANG_TEST_KEY, sglangConformance } from '../../conformance/sglang/chat.ts';
import { VLLM_TEST_KEY, vllmConformance } from '../../conformance/vllm/chat.ts';
import { tinyModel, WIDTH } from './__fixtures__/tiny-model.ts';
import { probeServer } from './probe-server.ts';
import { openRemoteVectorModel, type RemoteVectorModel } from './remote.ts';
import { unsafeVllm } from './server-versions.ts';

const signal = AbortSignal.timeout(30_000);
const patience = { retryBaseMs: 1, failuresBeforeRest: 0 };

describe.each([
  ['vllm', vllmConformance, VLLM_TEST_KEY, 'vLLM 0.30.1', 'embeds-off'],
  ['sglang', sglangConformance, SGLANG_TEST_KEY, 'SGLang 0.5.23', 'radix-cache'],
] as const)('a model of %s', (dialect, conformance, apiKey, engine, switchedOff) => {
  let server: Running;
  let model: RemoteVectorModel;
  let folder: string;
  const endpoint = () => endpointOf('theirs', { baseUrl: `${server.origin}/v1`, apiKey, dialect, patience });
  beforeAll(async () => {
    server = await startConformance(conformance);
    folder = tinyModel();
    model = await openRemoteVectorModel({
      id: 'theirs:tiny',
      endpoint: endpoint(),
      model: 'tiny',
      tokens: folder,
      signal,
    });
  });
  afterEach(() => {
    server.play('happy');
    expect(server.faults.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await model.close();
    await server.close();
    rmSync(folder, { recursive: true });
  });

  it('reads tokens, and its own rows of them, alike', async () => {
    const tokens = await model.tokenize('b d c', signal);
    expect(tokens).toEqual([1, 3, 2]);
    const vectors = await model.rows(tokens, signal);
    const asTokens = await model.next([{ tokens }], 5, signal);
    expect(asTokens).toEqual([0, 1, 2, 3, 4].map((at) => ({ text: `t${3 + at}`, logprob: -0.25 - at })));
    expect(await model.next([{ vectors }], 5, signal)).toEqual(asTokens);
    expect(await model.next([{ tokens: [1] }, { vectors: vectors.subarray(WIDTH) }], 5, signal)).toEqual(asTokens);
    expect(await model.write([{ vectors }], 3, signal)).toBe('t3 t4 t5');
  });

  it('says who it is, as far as can be seen from outside', async () => {
    const fingerprint = await model.fingerprint(signal);
    expect(fingerprint).toMatchObject({ engine, width: WIDTH, vocabulary: 6, tableSha256: null, scale: 1 });
    expect(fingerprint.sketch).toHaveLength(64);
    expect([model.logits, model.score]).toEqual([null, null]);
  });

  it('is found to take vectors, or to have them switched off', async () => {
    expect(await model.probe(signal)).toMatchObject({ outcome: 'accepted' });
    server.play(switchedOff);
    expect(await model.probe(signal)).toMatchObject({ outcome: 'flag-off' });
    const vectors = new Float32Array(WIDTH);
    await expect(model.next([{ vectors }], 1, signal)).rejects.toMatchObject({
      code: 'ask.refused',
      hint: expect.stringMatching(/^Start (vLLM|SGLang) with --/),
      details: { code: 'EMB_SERVER_FLAG_OFF' },
    });
  });

  it('is not probed with a key that is refused', async () => {
    const probing = probeServer({
      endpoint: { ...endpoint(), keys: { apiKey: 'another', apiSecret: null, appId: null } },
      model: 'tiny',
      width: WIDTH,
      signal,
    });
    await expect(probing).rejects.toMatchObject({ code: 'ask.key-refused' });
    expect(server.faults.splice(0)).not.toEqual([]);
  });
});

describe('probing', () => {
  let server: Running;
  beforeAll(async () => {
    server = await startConformance(vllmConformance);
  });
  afterAll(() => server.close());
  const probe = (play: string, dialect = 'vllm', width = WIDTH) => {
    server.play(play);
    const provider = { baseUrl: `${server.origin}/v1`, apiKey: VLLM_TEST_KEY, dialect, patience };
    return probeServer({ endpoint: endpointOf('theirs', provider), model: 'tiny', width, signal });
  };

  it('sends nothing to a version that vectors can break', async () => {
    const before = server.seen.length;
    expect(await probe('embeds-unsafe')).toMatchObject({
      outcome: 'unsafe-version',
      version: '0.11.0',
      message: expect.stringContaining('CVE-2025-62164'),
    });
    expect(server.seen.slice(before).map(({ path }) => path)).toEqual(['/version']);
  });

  it('finds a server that knows no vectors, and one whose version nobody tells', async () => {
    expect(await probe('embeds-unknown')).toMatchObject({ outcome: 'unsupported' });
    expect(await probe('no-version')).toMatchObject({ outcome: 'accepted', version: null });
    expect(await probe('happy', 'ollama')).toMatchObject({
      outcome: 'unsupported',
      message: 'theirs takes no vectors.',
    });
  });

  it('tells a wrong width from a server that takes none', async () => {
    await expect(probe('happy', 'vllm', WIDTH + 1)).rejects.toMatchObject({ details: { code: 'EMB_WIDTH' } });
    expect(server.faults.splice(0)).not.toEqual([]);
  });

  it.each([
    ['0.10.1', 'm', false],
    ['0.10.2', 'm', true],
    ['0.12.0', 'm', true],
    ['0.13.0', 'm', false],
    ['0.20.2rc0', 'm', true],
    ['0.25.9', 'm', true],
    ['0.26.0', 'm', false],
    ['1.0.0', 'm', false],
    ['0.23.0', 'Qwen/Qwen2.5-VL-7B-Instruct', true],
    ['0.14.0', 'Qwen/Qwen2.5-VL-7B-Instruct', true],
    ['0.14.0', 'Qwen/Qwen2.5-7B-Instruct', false],
    ['dev', 'm', false],
  ])('vLLM %s with %s can be broken: %s', (version, model, is) => {
    expect(unsafeVllm(version, model) !== null).toBe(is);
  });
});
