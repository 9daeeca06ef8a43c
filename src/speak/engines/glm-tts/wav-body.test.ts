import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { HttpReply } from '#kit/http.ts';
import { wavFile, wavHeader } from '#kit/pcm.ts';
import { wavBody } from './wav-body.ts';

const PEER = { stage: 'speak', host: 'example.com', model: 'glm-tts', keyName: 'KEY', secrets: [] } as const;

async function read(bytes: Uint8Array, pieceBytes: number): Promise<Buffer> {
  const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, at) =>
    Buffer.from(bytes.subarray(at * pieceBytes, (at + 1) * pieceBytes)),
  );
  const reply = { status: 200, headers: {}, body: Readable.from(pieces) } as unknown as HttpReply;
  const read: Buffer[] = [];
  for await (const part of wavBody(reply, 24_000, PEER, new AbortController().signal)) read.push(part);
  return Buffer.concat(read);
}

const WAV = wavFile(
  Float32Array.from({ length: 100 }, (_, at) => at / 200),
  24_000,
);
const SAMPLES = WAV.subarray(44);

describe('wavBody', () => {
  it('gives the samples, however the file is cut and whatever follows them', async () => {
    for (const pieceBytes of [1, 7, 43, 44, 45, 1_000]) expect(await read(WAV, pieceBytes)).toEqual(SAMPLES);
    expect(await read(Buffer.concat([WAV, Buffer.from('LIST\x04\0\0\0abcd')]), 50)).toEqual(SAMPLES);
  });

  it('reads to the end where the header does not know it', async () => {
    expect(await read(Buffer.concat([wavHeader(24_000, null), SAMPLES]), 50)).toEqual(SAMPLES);
  });

  it.each([
    ['a page', Buffer.from('<html>not a sound</html>')],
    ['nothing', Buffer.alloc(0)],
    ['half a header', WAV.subarray(0, 30)],
    ['another rate', wavFile(new Float32Array(100), 44_100)],
    ['fewer samples than the header says', WAV.subarray(0, -2)],
  ])('refuses %s', async (_, bytes) => {
    await expect(read(bytes, 50)).rejects.toMatchObject({ code: 'speak.upstream-failed' });
  });
});
