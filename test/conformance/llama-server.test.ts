import { afterEach, describe, expect, it } from 'vitest';
import { languageModelFor } from '#ask/index.ts';
import { evidenceFor } from '#contract/capabilities.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { LLAMA_SERVER_TEST_KEY, llamaServerConformance } from '../../src/conformance/llama-server/chat.ts';
import { type Running, type StartOptions, startConformance } from '../../src/conformance/server.ts';
import { asked, examineHttp, HELLO } from './http-exam.ts';
import { about, lastSeen, medium } from './media.ts';
import { PATIENCE } from './patience.ts';

const open = (origin: string, models: Record<string, { input: ('text' | 'image' | 'audio')[] }> = {}) =>
  languageModelFor('llama-server:any', {
    providers: {
      'llama-server': { baseUrl: `${origin}/v1`, apiKey: LLAMA_SERVER_TEST_KEY, patience: PATIENCE, models },
    },
  });

examineHttp(llamaServerConformance, open, { secret: LLAMA_SERVER_TEST_KEY });

describe('llama-server', () => {
  let server: Running;
  afterEach(async () => {
    expect(server.faults).toEqual([]);
    await server.close();
  });
  async function start(options: StartOptions = {}): Promise<LanguageModel> {
    server = await startConformance(llamaServerConformance, options);
    return open(server.origin);
  }

  it('C1: a server that is loading is asked again until it is ready, and then says what it takes', async () => {
    const model = await start({ play: 'loading' });
    expect(model.capabilities.input.image).toBe('unknown');
    server.play('loading', 2);
    const got = await asked(model, HELLO);
    expect(got.answer?.finishReason).toBe('stop');
    expect(model.capabilities.input.image).toBe('unknown');
    await asked(model, HELLO);
    expect(model.capabilities.input.image).toBe(true);
  });

  it('C1: one that goes on loading has failed, and says so', async () => {
    const model = await start({ play: 'loading' });
    expect((await asked(model, HELLO)).error).toMatchObject({
      code: 'ask.upstream-failed',
      message: expect.stringContaining('Loading model'),
    });
  });

  it('C2: without a projector a picture is refused, once', async () => {
    const model = await start({ switches: ['no-projector'] });
    expect(model.capabilities.input.image).toBe(false);
    const before = server.seen.length;
    const got = await asked(model, about(medium('image/png')));
    expect(got.error).toMatchObject({ code: 'ask.refused', message: expect.stringContaining('mmproj') });
    expect(server.seen.length - before).toBe(1);
  });

  it.each([
    [[], { text: true, image: true, audio: false, video: 'unknown', document: false }],
    [['hears'], { text: true, image: true, audio: true, video: 'unknown', document: false }],
    [['no-projector'], { text: true, image: false, audio: false, video: false, document: false }],
    [['no-modalities'], { text: true, image: 'unknown', audio: 'unknown', video: 'unknown', document: 'unknown' }],
  ])('C3: what it takes is what its projector takes: %j', async (switches, input) => {
    const model = await start({ switches });
    expect(model.capabilities.input).toEqual(input);
    const { source, date } = evidenceFor(model.capabilities, 'input.image');
    expect(source).toBe(switches.includes('no-modalities') ? 'nobody said' : 'GET /props');
    if (source === 'GET /props') expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  it('C3: what the user says stands before what the server says', async () => {
    await start();
    const model = await open(server.origin, { any: { input: ['text', 'audio'] } });
    expect(model.capabilities.input).toMatchObject({ image: false, audio: true });
    expect(evidenceFor(model.capabilities, 'input.image').source).toBe('configuration');
  });

  it('C3: a server that is not there leaves everything unknown', async () => {
    await start();
    const { origin } = server;
    await server.close();
    expect((await open(origin)).capabilities).toMatchObject({ input: { image: 'unknown' }, source: 'nobody said' });
  });

  it('sends sound and video as bare base64, flac without a format', async () => {
    const model = await start({ switches: ['hears'] });
    const got = await asked(
      model,
      about(medium('audio/wav'), medium('audio/flac'), medium('video/mp4'), medium('image/png')),
    );
    expect(got.error).toBeNull();
    const { messages } = lastSeen(server).json() as { messages: { content: { type: string }[] }[] };
    const types = messages[0]?.content.map(({ type }) => type);
    expect(types).toEqual(['input_audio', 'input_audio', 'input_video', 'image_url', 'text']);
  });

  it('C4: its timings disturb nobody', async () => {
    const model = await start();
    const [streamed, whole] = [await asked(model, HELLO), await asked(model, { ...HELLO, stream: false })];
    expect(streamed.answer).toEqual(whole.answer);
    expect(whole.answer?.usage).toEqual({ inputTokens: 21, outputTokens: 9 });
  });

  it('tells a question beyond the context from a wrong one', async () => {
    const model = await start();
    server.play('too-long', 1);
    expect((await asked(model, HELLO)).error?.code).toBe('ask.too-long');
  });
});
