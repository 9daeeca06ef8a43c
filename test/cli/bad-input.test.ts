import { mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildCli, emptyFolder, runCli } from './run-cli.ts';

buildCli();

const example = new URL('../../examples/question.wav', import.meta.url).pathname;
const folder = emptyFolder();
mkdirSync(join(folder, 'a-folder'));
writeFileSync(join(folder, 'empty.wav'), '');
writeFileSync(join(folder, 'text.wav'), 'This is not a recording at all.\n');
writeFileSync(join(folder, 'no-samples.wav'), wavHeader(0));
// Sparse: its length is real, its samples are zeros that the file system need not store.
const tenHoursBytes = 10 * 3600 * 32_000;
writeFileSync(join(folder, 'ten-hours.wav'), wavHeader(tenHoursBytes));
truncateSync(join(folder, 'ten-hours.wav'), 44 + tenHoursBytes);

function wavHeader(dataBytes: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + dataBytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(16_000, 24);
  header.writeUInt32LE(32_000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(dataBytes, 40);
  return header;
}

// Every row: what a person typed, the code it must end with, the exit code.
const rows: [string, string[], string, number][] = [
  ['a missing file', ['hear', 'nowhere.wav'], 'media.not-found', 2],
  ['a folder', ['hear', 'a-folder'], 'media.not-a-file', 2],
  ['an empty file', ['hear', 'empty.wav'], 'media.empty', 2],
  ['text named .wav', ['hear', 'text.wav'], 'media.unsupported', 2],
  ['a recording without samples', ['hear', 'no-samples.wav'], 'media.broken', 2],
  ['a missing recording to ask about', ['ask', '--in', 'nowhere.wav'], 'media.not-found', 2],
  ['an unknown voice to answer with', ['ask', 'Hi?', '--voice', 'nobody'], 'speak.unknown-voice', 2],
  ['an address while offline', ['hear', 'https://example.org/x.wav', '--offline'], 'media.url-refused', 2],
  ['a private address', ['hear', 'http://127.0.0.1:9/x.wav'], 'media.url-refused', 2],
  ['a metadata address', ['hear', 'http://169.254.169.254/latest'], 'media.url-refused', 2],
  ['another protocol', ['hear', 'ftp://example.org/x.wav'], 'media.url-refused', 2],
  ['a ten-hour recording', ['hear', 'ten-hours.wav'], 'media.too-long', 2],
  ['an unknown model', ['ask', 'Hi?', '--model', 'qwen9000'], 'ask.unknown-model', 2],
  ['an unknown recogniser', ['hear', example, '--model', 'ears9000'], 'hear.unknown-engine', 2],
  ['an unknown voice', ['say', 'Hi.', '--voice', 'hearth', '--out', 'x.wav'], 'speak.unknown-voice', 2],
  ['an unknown model to pull', ['models', 'pull', 'moonshine'], 'models.unknown-model', 2],
  ['nothing to answer', ['ask'], 'ask.no-question', 2],
  ['nowhere to put the sound', ['say', 'Hi.', '--json'], 'cli.usage', 2],
  ['two outputs at once', ['hear', 'x.wav', '--json', '--format', 'srt'], 'cli.usage', 2],
  ['a setting out of range', ['say', 'Hi.', '--speed', '9', '--out', 'x.wav'], 'config.invalid', 2],
  ['a missing model while offline', ['say', 'Hi.', '--out', 'x.wav', '--offline'], 'models.offline', 3],
];

describe('bad input ends in one line with a code, the next step and the right exit code', () => {
  it.concurrent.each(rows)('%s', async (_what, args, code, exit) => {
    const result = await runCli(args, { cwd: folder });
    expect(result.stderr).toMatch(new RegExp(`^error ${code.replace('.', '\\.')}: .+\\. .+\\n$`));
    expect(result.stderr).not.toContain('    at ');
    expect(result.code).toBe(exit);
  });

  it('with --json the error is the one object on standard output', async () => {
    const { stdout, code } = await runCli(['hear', 'nowhere.wav', '--json'], { cwd: folder });
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'media.not-found', hint: expect.stringMatching(/./) } });
    expect(code).toBe(2);
  });

  it('with --verbose the stack is there too', async () => {
    const { stderr } = await runCli(['hear', 'nowhere.wav', '--verbose'], { cwd: folder });
    expect(stderr).toContain('    at ');
  });

  it.each([
    [['frobnicate']],
    [['hear']],
    [['hear', 'x.wav', '--format', 'docx']],
    [['hear', '--nonsense']],
    [['ask', 'Hi?', '--seed', 'abc']],
  ])('%j is a usage error', async (args) => {
    const { code, stderr } = await runCli(args, { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain('error:');
  });

  it('leaves nothing behind under a final name', () => {
    expect(readdirSync(folder).sort()).toEqual([
      'a-folder',
      'empty.wav',
      'no-samples.wav',
      'ten-hours.wav',
      'text.wav',
    ]);
  });
});
