import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '#contract/error.ts';
import type { Loss } from '#contract/loss.ts';
import type { Perception } from '#contract/perception.ts';
import type { Reader } from '#contract/ports.ts';
import { fakeReader } from '#perceive/see/fake.ts';
import type { PerceiveRequest } from '#pipeline/perceive-one.ts';
import { workerStates } from '#runtime/worker/host.ts';
import { slides } from '../../src/perceive/read/__fixtures__/office.ts';
import { hang } from '../reliability/fake-server.ts';
import { held } from './left-behind.ts';
import { manyLanguages, writeNamedFiles, writeNamedFilms } from './named-files.ts';
import { hostileParts, outcomeOf, slipIn } from './outcome.ts';

const folder = mkdtempSync(join(tmpdir(), 'named-'));
const parts = hostileParts({ taking: { limits: {}, allowPrivateHosts: false, offline: true } });
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(async () => {
  await writeNamedFiles(folder);
  await writeNamedFilms(folder);
}, 60_000);

async function perceived(name: string, sense: PerceiveRequest['sense'] = 'whatever') {
  const outcome = await outcomeOf({ kind: 'path', path: join(folder, name) }, parts, { sense });
  expect(slipIn(outcome)).toBeNull();
  return outcome;
}

describe('what cannot be perceived is refused with the reason and the next step', () => {
  // What it is; the file; its code; what is said; what to do.
  it.each<[string, string, ErrorCode, RegExp, RegExp, PerceiveRequest['sense']?]>([
    ['an empty file', 'empty.png', 'media.empty', /empty\.png is empty/, /something in it/],
    ['a corrupt PDF', 'corrupt.pdf', 'read.broken', /damaged beyond repair/, /export it to PDF again/],
    ['a truncated PDF', 'truncated.pdf', 'read.broken', /damaged beyond repair/, /opens elsewhere/],
    ['an encrypted PDF', 'locked.pdf', 'read.encrypted', /does not open without its password/, /save it without one/],
    [
      'a zip bomb',
      'bomb.docx',
      'read.too-large',
      /a part \(word\/styles\.xml\) of more than 64 MB/,
      /Cut it into parts/,
    ],
    [
      'a document without an end',
      'endless.docx',
      'read.too-large',
      /more than 8000000 characters/,
      /Cut it into parts/,
    ],
    ['a truncated document', 'truncated.docx', 'read.broken', /archive is damaged or cut off/, /save it there again/],
    ['a truncated picture', 'truncated.png', 'see.cannot-decode', /cannot be decoded/, /cut short/],
    ['a picture of 50,000 × 50,000', 'huge.png', 'media.too-large', /50000 × 50000/, /at most 100 megapixels/],
    ['a GIF of ten thousand frames', 'long.gif', 'media.too-large', /1001 pages or more/, /at most 1000/],
    ['a text that is called .wav', 'text.wav', 'media.unsupported', /is plain text/, /Give a recording/],
    ['a WAV file that is only a head', 'headless.wav', 'media.broken', /no sound in it/, /record it again/],
    [
      'a video without pictures that is to be watched',
      'no-pictures.mp4',
      'media.unsupported',
      /is audio/,
      /sensorium hear/,
      'watch',
    ],
    [
      'a video without sound that is to be heard',
      'no-sound.mp4',
      'hear.no-sound',
      /no sound/,
      /has a sound track/,
      'hear',
    ],
  ])('%s', async (_what, name, code, message, hint, sense) => {
    const { error, perception } = await perceived(name, sense);
    expect(perception).toBeNull();
    expect(error).toMatchObject({ code, message: expect.stringMatching(message), hint: expect.stringMatching(hint) });
  });

  it('the huge picture and the long one before anything could decode them', async () => {
    const decoders = () => workerStates().map(({ name, pid }) => `${name} ${pid}`);
    const before = decoders();
    for (const name of ['huge.png', 'long.gif']) expect((await perceived(name)).tookMs).toBeLessThan(5_000);
    expect(decoders()).toEqual(before);
  });
});

describe('what can be perceived in part is, and says what is missing', () => {
  it.each<[string, string, Partial<Perception>, Loss['kind'], RegExp]>([
    ['silence', 'silence.wav', { kind: 'transcript', text: '' }, 'no-speech', /no voice/],
    [
      'a recording that is cut off',
      'cut.wav',
      { kind: 'transcript', text: 'la' },
      'truncated',
      /should last 2\.0 s, and 0\.6 s are there/,
    ],
    ['a PDF without pages', 'no-pages.pdf', { kind: 'document', text: '' }, 'page-unread', /has no pages/],
    [
      'a picture that is called .docx',
      'picture.docx',
      { kind: 'picture', text: '[No writing was found in the picture.]' },
      'not-described',
      /what it shows was not told/,
    ],
    [
      'a file that is a picture and a PDF',
      'polyglot.pdf',
      { kind: 'picture', widthPx: 40 },
      'not-described',
      /what it shows/,
    ],
    ['a video without sound', 'no-sound.mp4', { kind: 'timeline', transcript: null }, 'frames-sampled', /of 30 frames/],
    ['a video without pictures', 'no-pictures.mp4', { kind: 'transcript' }, 'speech-without-words', /3\.0 s of voice/],
    ['a video whose frames are uneven', 'uneven.mkv', { kind: 'timeline' }, 'frames-sampled', /of 13 frames/],
  ])('%s', async (_what, name, expected, loss, message) => {
    const { perception, error, losses } = await perceived(name);
    expect(error).toBeNull();
    expect(perception).toMatchObject(expected);
    expect(losses).toContainEqual(expect.objectContaining({ kind: loss, message: expect.stringMatching(message) }));
  });

  it('a video whose frames are uneven keeps its own times', async () => {
    const { perception } = await perceived('uneven.mkv');
    // The last frame of thirteen begins after three seconds.
    expect(perception).toMatchObject({ durationMs: expect.closeTo(3_100, -2) });
  });
});

describe('text in hundreds of languages', () => {
  const text = manyLanguages();
  const names = text.split('\n');
  const ways: Readonly<Record<string, () => Uint8Array>> = {
    'a.txt': () => Buffer.from(text),
    'utf16.txt': () => Buffer.from(`\ufeff${text}`, 'utf16le'),
    'a.html': () =>
      Buffer.from(`<!doctype html><html><meta charset="utf-8"><body>${names.map((name) => `<p>${name}</p>`).join('')}`),
    'a.csv': () => Buffer.from(names.map((name, at) => `${at},"${name}"`).join('\n')),
    'a.pptx': () =>
      slides([
        names.map((name) => `<p:sp><p:txBody><a:p><a:r><a:t>${name}</a:t></a:r></a:p></p:txBody></p:sp>`).join(''),
      ]),
  };

  it.each(Object.keys(ways))('comes through whole in %s', async (name) => {
    expect(names.length).toBeGreaterThan(200);
    const media = { kind: 'bytes', bytes: ways[name]!(), name } as const;
    const outcome = await outcomeOf(media, parts, { sense: 'whatever' });
    expect(slipIn(outcome)).toBeNull();
    const told = outcome.perception?.text ?? '';
    expect(names.filter((one) => !told.includes(one.normalize('NFC')) && !told.includes(one))).toEqual([]);
  });
});

it('a film that is no longer to be watched lets go of everything', async () => {
  const stop = new AbortController();
  const reader: Reader = {
    ...fakeReader(),
    read: (_, { signal }) => {
      stop.abort();
      return hang(signal);
    },
  };
  const media = { kind: 'path', path: join(folder, 'no-sound.mp4') } as const;
  const { error } = await outcomeOf(media, hostileParts({}, { reader }), {}, stop.signal);
  expect(error).toMatchObject({ code: 'kit.cancelled' });
  await expect.poll(() => held().strangers.filter((process) => process.includes('ffmpeg'))).toEqual([]);
});
