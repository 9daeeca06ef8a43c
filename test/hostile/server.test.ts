import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningServer } from '#server/index.ts';
import { startFakeServer } from '../reliability/fake-server.ts';
import { writeNamedFiles, writeNamedFilms } from './named-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'hostile-server-'));
const temporary = join(folder, 'temporary');
const { TMPDIR } = process.env;
let server: RunningServer;
beforeAll(async () => {
  await writeNamedFiles(folder);
  await writeNamedFilms(folder);
  mkdirSync(temporary);
  process.env.TMPDIR = temporary;
  server = await startFakeServer();
}, 60_000);
afterAll(async () => {
  await server.close();
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  rmSync(folder, { recursive: true, force: true });
});

async function perceptions(name: string, fields: Readonly<Record<string, string>> = {}) {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  form.set('file', new Blob([readFileSync(join(folder, name))], { type: 'audio/wav' }), name);
  const reply = await fetch(`${server.url}/v1/perceptions`, { method: 'POST', body: form });
  return { status: reply.status, text: await reply.text() };
}

describe('bad files at POST /v1/perceptions', () => {
  it.each<[string, string, number, string, Record<string, string>?]>([
    ['an empty file', 'empty.png', 400, 'media.empty'],
    ['a huge picture', 'huge.png', 413, 'media.too-large'],
    ['a long GIF', 'long.gif', 413, 'media.too-large'],
    ['a truncated picture', 'truncated.png', 400, 'see.cannot-decode'],
    ['a corrupt PDF', 'corrupt.pdf', 400, 'read.broken'],
    ['an encrypted PDF', 'locked.pdf', 400, 'read.encrypted'],
    ['a zip bomb', 'bomb.docx', 413, 'read.too-large'],
    ['text called .wav', 'text.wav', 415, 'media.unsupported'],
    ['a video without sound', 'no-sound.mp4', 400, 'hear.no-sound', { sense: 'hear' }],
    ['a video without pictures', 'no-pictures.mp4', 415, 'media.unsupported', { sense: 'watch' }],
  ])('%s: %s is %i, %s', async (_what, name, status, code, fields) => {
    const reply = await perceptions(name, fields);
    expect(JSON.parse(reply.text)).toMatchObject({ error: { code, message: expect.stringMatching(/./) } });
    expect(reply.status).toBe(status);
    expect(reply.text).not.toMatch(/\/tmp\/|node:|at \w+ \(/);
  });

  it('a type that the caller made up is not believed', async () => {
    const { status, text } = await perceptions('picture.docx');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ kind: 'picture', widthPx: 40, heightPx: 30 });
  });

  it('an error in the middle of a stream is its last event', async () => {
    const { text } = await perceptions('corrupt.pdf', { stream: 'true' });
    expect(text).toContain('read.broken');
  });

  it('silence is an empty transcript with the reason', async () => {
    const { text } = await perceptions('silence.wav');
    expect(JSON.parse(text)).toMatchObject({ kind: 'transcript', text: '', losses: [{ kind: 'no-speech' }] });
  });

  it('leave nothing in the folder for temporary files', async () => {
    const left = () => readdirSync(temporary).filter((name) => name.startsWith('sensorium-'));
    await expect.poll(left).toEqual([]);
  });
});
