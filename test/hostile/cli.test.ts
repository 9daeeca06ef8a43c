import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pdfOf, say } from '../../src/runtime/pdf/__fixtures__/pdf.ts';
import { buildCli, runCli } from '../cli/run-cli.ts';
import { writeNamedFiles, writeNamedFilms } from './named-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'hostile-cli-'));
const temporary = join(folder, 'temporary');
const home = join(folder, 'home');
const run = (args: readonly string[], more: Parameters<typeof runCli>[1] = {}) =>
  runCli([...args, '--offline'], { cwd: folder, home, env: { TMPDIR: temporary }, ...more });

beforeAll(async () => {
  for (const path of [temporary, home]) mkdirSync(path);
  await writeNamedFiles(folder);
  await writeNamedFilms(folder);
  buildCli();
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('bad files on the command line', () => {
  it.concurrent.each<[string, string[], string]>([
    ['an empty file', ['see', 'empty.png'], 'media.empty'],
    ['a huge picture', ['see', 'huge.png'], 'media.too-large'],
    ['a long GIF', ['see', 'long.gif'], 'media.too-large'],
    ['a truncated picture', ['see', 'truncated.png', '--reader', 'none'], 'see.cannot-decode'],
    ['a corrupt PDF', ['read', 'corrupt.pdf'], 'read.broken'],
    ['an encrypted PDF', ['read', 'locked.pdf'], 'read.encrypted'],
    ['a zip bomb', ['read', 'bomb.docx'], 'read.too-large'],
    ['text called .wav', ['hear', 'text.wav'], 'media.unsupported'],
    ['a video without sound', ['hear', 'no-sound.mp4'], 'hear.no-sound'],
    ['a video without pictures', ['watch', 'no-pictures.mp4'], 'media.unsupported'],
    ['a picture that is to be heard', ['hear', 'picture.docx'], 'hear.no-sound'],
  ])('%s is one line and exit code 2', async (_what, args, code) => {
    const { stdout, stderr, code: exit } = await run(args);
    expect(stderr).toMatch(new RegExp(`^error ${code.replace('.', '\\.')}: [^\\n]+\\n$`));
    expect({ stdout, exit }).toEqual({ stdout: '', exit: 2 });
  });

  it.concurrent.each<[string, string[], object]>([
    [
      'a PDF without pages',
      ['read', 'no-pages.pdf'],
      { kind: 'document', text: '', losses: [{ kind: 'page-unread' }] },
    ],
    ['a picture called .docx', ['see', 'picture.docx', '--reader', 'none'], { kind: 'picture', widthPx: 40 }],
  ])('%s is told as what it is', async (_what, args, expected) => {
    const { stdout, code } = await run([...args, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject(expected);
  });

  it('leave nothing behind', () => {
    expect(readdirSync(temporary)).toEqual([]);
  });
});

it('Ctrl-C in the middle of a long document ends everything', async () => {
  const page = Array.from({ length: 40 }, (_, line) =>
    say('Some words that take their time to be read', 72, 780 - line * 18),
  ).join('');
  writeFileSync(join(folder, 'long.pdf'), pdfOf(Array.from({ length: 1_000 }, () => ({ content: page }))));
  let stoppedMs = 0;
  let interrupt = () => {};
  const watch = setInterval(() => {
    // Once the document is laid down where its process reads it, it is at work.
    if (readdirSync(temporary).length > 0 && stoppedMs === 0) {
      stoppedMs = performance.now();
      interrupt();
    }
  }, 20);
  const onStart = (stop: () => void) => {
    interrupt = stop;
  };
  const { code } = await run(['read', 'long.pdf'], { onStart });
  clearInterval(watch);
  expect(stoppedMs).toBeGreaterThan(0);
  expect(code).toBe(130);
  expect(performance.now() - stoppedMs).toBeLessThan(5_000);
  expect(readdirSync(temporary)).toEqual([]);
});

const small = join(folder, 'small');
mkdirSync(small);
const mounted =
  process.platform === 'linux' && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', small]).status === 0;
if (!mounted) console.warn('No small disk can be mounted here: a full one is not tried.');
afterAll(() => mounted && spawnSync('umount', [small]));

describe.skipIf(!mounted)('a full disk', () => {
  it.each([
    ['a document', 'long.pdf', ''],
    ['standard input', '-', 'Some words. '.repeat(4_000)],
  ])('is told as such: %s', async (_what, file, input) => {
    const { stderr, code } = await run(['read', file], { env: { TMPDIR: small }, input });
    expect(stderr).toMatch(/^error kit\.disk-full: The disk is full\. Free some space/);
    expect(code).toBe(3);
    expect(readdirSync(small)).toEqual([]);
  });
});
