import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Loss } from '#contract/loss.ts';
import { Media } from '#contract/media.ts';
import { joined, pcm16, sine, wavFile } from './__fixtures__/wav.ts';
import { type Decoder, type MediaInput, type TakeOptions, takeInput, takeMedia } from './index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sensorium-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

const tone = wavFile(pcm16(sine(440, 16_000, 1)));

async function file(name: string, bytes: Uint8Array | string): Promise<MediaInput> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return { kind: 'path', path };
}

function take(input: MediaInput, options: Partial<TakeOptions> = {}) {
  const losses: Loss[] = [];
  const whole = {
    part: 'part-1',
    signal: new AbortController().signal,
    note: (loss: Loss) => losses.push(loss),
    ...options,
  };
  return { losses, taken: takeMedia(input, whole) };
}

describe('takeInput', () => {
  it.each<[string, MediaInput]>([
    ['speech.wav', { kind: 'path', path: 'speech.wav' }],
    ['C:\\sounds\\a.wav', { kind: 'path', path: 'C:\\sounds\\a.wav' }],
    ['./http:/a.wav', { kind: 'path', path: './http:/a.wav' }],
    ['HTTPS://example.org/a.wav', { kind: 'url', url: 'HTTPS://example.org/a.wav' }],
    ['ftp://example.org/a.wav', { kind: 'url', url: 'ftp://example.org/a.wav' }],
    ['data:audio/wav;base64,AAAA', { kind: 'url', url: 'data:audio/wav;base64,AAAA' }],
    [pathToFileURL('/a b.wav').href, { kind: 'path', path: '/a b.wav' }],
  ])('takes %s', (text, expected) => expect(takeInput(text)).toEqual(expected));
});

describe('what comes in', () => {
  it.each<[string, () => Promise<MediaInput>, string, string]>([
    ['a path', () => file('tone.wav', tone), 'file', 'tone.wav'],
    ['bytes', async () => ({ kind: 'bytes', bytes: tone, name: '../up/voice\u0007.wav' }), 'bytes', 'voice.wav'],
    ['bytes without a name', async () => ({ kind: 'bytes', bytes: tone }), 'bytes', 'bytes'],
    [
      'a data URL',
      async () => ({ kind: 'url', url: `data:image/png;base64,${tone.toString('base64')}` }),
      'data-url',
      'data URL',
    ],
    [
      'a percent-encoded data URL',
      async () => ({
        kind: 'url',
        url: `data:,${[...tone].map((b) => `%${b.toString(16).padStart(2, '0')}`).join('')}`,
      }),
      'data-url',
      'data URL',
    ],
  ])('takes %s, whatever it claims to be', async (_, input, source, name) => {
    const part = await take(await input()).taken;
    expect(Media.parse(part.media)).toEqual(part.media);
    expect(part.media).toMatchObject({ part: 'part-1', kind: 'audio', mimeType: 'audio/wav', source, name });
    expect(part.media.sizeBytes).toBe(tone.length);
    expect(part.media.sha256).toBe(createHash('sha256').update(tone).digest('hex'));
    expect(Buffer.from(await part.bytes())).toEqual(tone);
    expect((await joined(part.sound!.pcm())).length).toBe(16_000);
    await part.close();
  });

  it('leaves no temporary file behind, neither after close nor after a refusal', async () => {
    const own = await mkdtemp(join(folder, 'tmp-'));
    vi.stubEnv('TMPDIR', own);
    try {
      const part = await take({ kind: 'bytes', bytes: tone }).taken;
      expect(await readdir(own)).toHaveLength(1);
      await part.close();
      await expect(take({ kind: 'bytes', bytes: Buffer.from('PK\x03\x04 nothing') }).taken).rejects.toThrow();
      expect(await readdir(own)).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it.each<[string, string | Uint8Array, string, string]>([
    ['notes.txt', 'Grüße, 你好\n', 'text', 'text/plain'],
    ['gb.txt', Buffer.from('c4e3bac3a3acc4e3bac3', 'hex'), 'text', 'text/plain; charset=gb18030'],
    ['wide.txt', Buffer.from('\ufeffhello', 'utf16le'), 'text', 'text/plain; charset=utf-16le'],
    ['page.xml', '<?xml version="1.0"?><a/>', 'text', 'application/xml'],
    [
      'x',
      Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000049454e44ae426082', 'hex'),
      'image',
      'image/png',
    ],
    ['x.wav', Buffer.from('%PDF-1.7\n1 0 obj\n'), 'document', 'application/pdf'],
  ])('tells %s from its bytes', async (name, bytes, kind, mimeType) => {
    const part = await take(await file(name, bytes)).taken;
    expect(part.media).toMatchObject({ kind, mimeType });
    expect(part.sound).toBeUndefined();
  });
});

describe('bad input', () => {
  it.each<[string, () => Promise<MediaInput>, string, RegExp]>([
    ['a missing file', async () => takeInput(join(folder, 'missing.wav')), 'media.not-found', /missing\.wav/],
    ['a path through a file', async () => takeInput(join(folder, 'empty.wav', 'x')), 'media.not-found', /x/],
    ['a folder', async () => takeInput(folder), 'media.not-a-file', /folder/],
    ['a device', async () => takeInput('/dev/null'), 'media.not-a-file', /null/],
    ['an empty file', () => file('empty.wav', ''), 'media.empty', /empty\.wav/],
    ['text named .wav', () => file('text.wav', 'This is no sound.'), 'media.unsupported', /plain text/],
    ['an archive', () => file('a.wav', Buffer.from('1f8b0800000000000003', 'hex')), 'media.unsupported', /gzip/],
    ['unknown bytes', () => file('b.wav', Buffer.from([0, 1, 2, 3, 0, 0, 9])), 'media.unsupported', /no kind known/],
    ['no samples', () => file('none.wav', wavFile(new Uint8Array(0))), 'media.broken', /0 samples/],
    ['a data URL without sense', async () => takeInput('data:audio/wav;base64'), 'media.broken', /comma/],
    ['a data URL with bad base64', async () => takeInput('data:audio/wav;base64,§§'), 'media.broken', /base64/],
    ['an empty data URL', async () => takeInput('data:audio/wav;base64,'), 'media.empty', /empty/],
    ['a private address', async () => takeInput('http://192.168.0.1/a.wav'), 'media.url-refused', /192\.168/],
    ['another scheme', async () => takeInput('ftp://example.org/a.wav'), 'media.url-refused', /ftp:/],
  ])('refuses %s', async (_, input, code, message) => {
    const refusal = take(await input()).taken;
    await expect(refusal).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    await expect(refusal).rejects.toMatchObject({ hint: expect.stringMatching(/\.$/) });
  });

  it('follows a link but not to a folder', async () => {
    await mkdir(join(folder, 'sub'));
    await symlink(join(folder, 'sub'), join(folder, 'link.wav'));
    await expect(take(takeInput(join(folder, 'link.wav'))).taken).rejects.toMatchObject({ code: 'media.not-a-file' });
  });

  it('refuses more bytes than allowed', async () => {
    const limits = { maxBytes: 1_000 };
    await expect(take(await file('t.wav', tone), { limits }).taken).rejects.toMatchObject({ code: 'media.too-large' });
    await expect(take({ kind: 'bytes', bytes: tone }, { limits }).taken).rejects.toMatchObject({
      code: 'media.too-large',
    });
    const url = `data:;base64,${tone.toString('base64')}`;
    await expect(take({ kind: 'url', url }, { limits }).taken).rejects.toMatchObject({ code: 'media.too-large' });
  });

  it('says what to install when nothing here decodes it, and what it is when nothing ever could', async () => {
    const flac = await file('a.flac', Buffer.concat([Buffer.from('fLaC'), Buffer.alloc(64)]));
    const absent: Decoder = { ...stub, takes: () => true, available: async () => false };
    await expect(take(flac, { decoders: [absent] }).taken).rejects.toMatchObject({
      code: 'media.decoder-missing',
      blame: 'operator',
      hint: expect.stringMatching(/ffmpeg/),
    });
    await expect(take(flac, { decoders: [] }).taken).rejects.toMatchObject({ code: 'media.unsupported' });
  });

  it('stops when cancelled', async () => {
    const signal = AbortSignal.abort();
    await expect(take(await file('t.wav', tone), { signal }).taken).rejects.toMatchObject({ code: 'kit.cancelled' });
  });
});

const stub: Decoder = {
  id: 'stub',
  purpose: 'counts how often it decodes',
  takes: () => true,
  available: async () => true,
  look: async () => ({ hasSound: true, hasPicture: false, declaredMs: null, soundMs: null }),
  async *decode() {},
};

describe('sound', () => {
  it('is decoded once when it is short, and again when it is long', async () => {
    for (const [seconds, expected] of [
      [100, 1],
      [130, 2],
    ] as const) {
      let passes = 0;
      const counting: Decoder = {
        ...stub,
        async *decode() {
          passes++;
          for (let at = 0; at < seconds; at++) yield new Float32Array(16_000);
        },
      };
      const part = await take(await file('t.wav', tone), { decoders: [counting] }).taken;
      for (let pass = 0; pass < 2; pass++) expect((await joined(part.sound!.pcm())).length).toBe(seconds * 16_000);
      expect(passes).toBe(expected);
    }
  });

  it('is not kept when a pass was left early', async () => {
    const part = await take(await file('t.wav', tone)).taken;
    for await (const _ of part.sound!.pcm()) break;
    expect(part.sound!.counts!()).toBeNull();
    expect((await joined(part.sound!.pcm())).length).toBe(16_000);
  });

  it('is refused at once when its header says it is too long', async () => {
    const tenHours = wavFile(new Uint8Array(64), { dataSize: 10 * 3_600 * 32_000 });
    await expect(take(await file('long.wav', tenHours)).taken).rejects.toMatchObject({
      code: 'media.too-long',
      message: expect.stringMatching(/10:00:00.*4:00:00/),
    });
  });

  it('is refused on passing the limit when nothing said how long it is', async () => {
    const endless: Decoder = {
      ...stub,
      async *decode() {
        for (;;) yield new Float32Array(160_000);
      },
    };
    const options = { decoders: [endless], limits: { maxDurationMs: 60_000 } };
    const part = await take(await file('t.wav', tone), options).taken;
    await expect(joined(part.sound!.pcm())).rejects.toMatchObject({ code: 'media.too-long' });
  });

  it('notes once that it is cut off', async () => {
    const { losses, taken } = take(await file('cut.wav', tone.subarray(0, 44 + 16_000)));
    const part = await taken;
    expect((await joined(part.sound!.pcm())).length).toBe(8_000);
    await joined(part.sound!.pcm());
    expect(losses).toMatchObject([
      { kind: 'truncated', part: 'part-1', time: { startMs: 500, endMs: 1_000 }, extent: 500, unit: 'ms' },
    ]);
  });

  it('shows invalid samples to whoever counts', async () => {
    const floats = Buffer.from(new Float32Array([0.1, Number.NaN, 0.2, Number.NEGATIVE_INFINITY]).buffer);
    const part = await take(await file('nan.wav', wavFile(floats, { tag: 3, bits: 32 }))).taken;
    expect([...(await joined(part.sound!.pcm()))].every(Number.isFinite)).toBe(true);
    expect(part.sound!.counts!()).toEqual({ total: 4, invalid: 2, clipped: 0 });
  });

  it('stops when cancelled in the middle', async () => {
    const part = await take(await file('t.wav', tone)).taken;
    const controller = new AbortController();
    const listening = async () => {
      for await (const _ of part.sound!.pcm(controller.signal)) controller.abort();
    };
    await expect(listening()).rejects.toMatchObject({ code: 'kit.cancelled' });
  });
});
