import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '#config/index.ts';
import { Report } from '#contract/report.ts';
import { buildCli, emptyFolder, runCli } from './run-cli.ts';

buildCli();

const example = new URL('../../examples/question.wav', import.meta.url).pathname;
const cutMp3 = new URL('../../../shared/data/broken/truncated_half.mp3', import.meta.url).pathname;
const film = new URL('../../../shared/data/video/en_grid_bbaf2n.mpg', import.meta.url).pathname;
const kept = { home: loadConfig().home };

/** The example as 32-bit float samples at its own rate, with every hundredth one not a number. */
function withNaN(): Buffer {
  const wav = readFileSync(example);
  const rateHz = wav.readUInt32LE(24);
  const samples = (wav.length - 44) / 2;
  const out = Buffer.alloc(44 + samples * 4);
  out.write('RIFF', 0);
  out.writeUInt32LE(36 + samples * 4, 4);
  out.write('WAVEfmt ', 8);
  out.writeUInt32LE(16, 16);
  out.writeUInt16LE(3, 20);
  out.writeUInt16LE(1, 22);
  out.writeUInt32LE(rateHz, 24);
  out.writeUInt32LE(rateHz * 4, 28);
  out.writeUInt16LE(4, 32);
  out.writeUInt16LE(32, 34);
  out.write('data', 36);
  out.writeUInt32LE(samples * 4, 40);
  for (let i = 0; i < samples; i++) {
    out.writeFloatLE(i % 100 === 0 ? Number.NaN : wav.readInt16LE(44 + i * 2) / 32768, 44 + i * 4);
  }
  return out;
}

describe('hear', () => {
  it('prints the text, and with --json one perception', async () => {
    const text = await runCli(['hear', example, '--quiet'], kept);
    expect([text.stdout, text.code]).toEqual(['What is the capital of France?\n', 0]);
    const { stdout, code } = await runCli(['hear', example, '--json'], kept);
    const heard = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(heard).toMatchObject({ part: 'part-1', text: 'What is the capital of France?', language: 'en' });
    expect(heard.durationMs).toBeGreaterThan(1000);
    for (const word of heard.words) {
      expect(word).toMatchObject({ confidence: expect.any(Number), confidenceSource: 'token-logprob:whisper-base' });
      expect(word.endMs).toBeGreaterThanOrEqual(word.startMs);
      expect(word.endMs).toBeLessThanOrEqual(heard.durationMs);
    }
  });

  it.each([
    ['text', /^What is the capital of France\?\n$/],
    ['json', /^\{"text":"What is the capital of France\?"/],
    ['verbose_json', /"task":"transcribe"/],
    ['srt', /^1\n00:00:00,\d{3} --> 00:00:0\d,\d{3}\nWhat is/],
    ['vtt', /^WEBVTT\n\n00:00(:00)?/],
  ])('--format %s is as in OpenAI’s API', async (format, shape) => {
    const { stdout, code } = await runCli(['hear', example, '--format', format], kept);
    expect(stdout).toMatch(shape);
    expect(code).toBe(0);
  });

  it('reads samples that are no numbers as silence and says so', async () => {
    const file = join(emptyFolder(), 'nan.wav');
    writeFileSync(file, withNaN());
    const { stdout, code } = await runCli(['hear', file, '--json'], kept);
    const { losses } = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(losses).toContainEqual(expect.objectContaining({ kind: 'invalid-samples', unit: 'samples' }));
  });

  it.skipIf(!existsSync(cutMp3))('hears what is there of a cut mp3 and says it was cut', async () => {
    const { stdout, code } = await runCli(['hear', cutMp3, '--json'], kept);
    const { text, losses } = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(text.toLowerCase()).toContain('fellow americans');
    expect(losses).toContainEqual(expect.objectContaining({ kind: 'truncated' }));
  });
});

describe('ask', () => {
  it('prints one report with --json and writes the reply', async () => {
    const folder = emptyFolder();
    const { stdout, code } = await runCli(
      ['ask', '--in', example, '--voice', 'heart', '--out', 'reply.wav', '--json'],
      { ...kept, cwd: folder },
    );
    expect(code).toBe(0);
    const report = Report.parse(JSON.parse(stdout));
    expect(report.answer.text).toContain('Paris');
    expect(report.speech).toMatchObject({ path: join(folder, 'reply.wav'), voice: 'af_heart' });
    const wav = readFileSync(join(folder, 'reply.wav'));
    expect(wav.readUInt32LE(40)).toBe(wav.length - 44);
    expect((wav.length - 44) / 48).toBeCloseTo(report.speech?.durationMs ?? 0, -1);
    expect(readdirSync(folder)).toEqual(['reply.wav']);
  });

  it('takes a text file beside the question', async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, 'note.txt'), 'The meeting is on Thursday at nine, in the green room.');
    const { stdout, code } = await runCli(['ask', '--in', 'note.txt', 'On which day is the meeting?', '--json'], {
      ...kept,
      cwd: folder,
    });
    expect(code).toBe(0);
    const { answer, plan, speech } = JSON.parse(stdout);
    expect(answer.text).toContain('Thursday');
    expect(plan).toMatchObject([{ kind: 'text', route: 'text' }]);
    expect(speech).toBeNull();
  });

  it('reads the writing in a picture, and says that what it shows was not told', async () => {
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    const folder = emptyFolder();
    writeFileSync(join(folder, 'dot.png'), png);
    const blind = { ...kept, cwd: folder, env: { SENSORIUM_READING: 'none' } };
    const alone = await runCli(['ask', 'What is this?', '--in', 'dot.png'], blind);
    expect(alone.stderr).toMatch(/^error plan\.no-route: .*dot\.png/);
    expect(alone.code).toBe(2);
    copyFileSync(example, join(folder, 'question.wav'));
    const both = await runCli(['ask', '--in', 'question.wav', '--in', 'dot.png', '--json'], { ...kept, cwd: folder });
    const { ledger } = JSON.parse(both.stdout);
    expect(ledger.inputs).toMatchObject([
      { fate: 'text by whisper-base' },
      { fate: 'text by pp-ocrv4, nothing came through' },
    ]);
    expect(ledger.verdict.level).toBe('poor');
    expect(ledger.losses).toContainEqual(expect.objectContaining({ kind: 'not-described', part: 'part-2' }));
  });

  it.skipIf(!existsSync(film))(
    'watches a film: what is said in it reaches the model, and what it shows is told as lost',
    async () => {
      const { stdout, code } = await runCli(['ask', 'What is said?', '--in', film, '--json'], kept);
      expect(code).toBe(0);
      const { perceptions, ledger } = JSON.parse(stdout);
      expect(perceptions[0]).toMatchObject({ kind: 'timeline', framesTotal: 75, transcript: { kind: 'transcript' } });
      expect(perceptions[0].text).toMatch(/^\[00:0\d\] Said: "/);
      expect(ledger.losses).toContainEqual(expect.objectContaining({ kind: 'not-described', part: 'part-1' }));
    },
  );

  it.each([['fetching|Route|Heard'], ['Heard'], ['Paris|capital']])(
    'Ctrl-C once %s was printed ends with 130 and no half file',
    async (seen) => {
      const folder = emptyFolder();
      let interrupted = false;
      const args = [
        'ask',
        'Tell me a long story about the capital.',
        '--in',
        example,
        '--voice',
        'heart',
        '--out',
        'reply.wav',
      ];
      const { code, stderr } = await runCli(args, {
        ...kept,
        cwd: folder,
        onOutput(soFar, interrupt) {
          if (interrupted || !new RegExp(seen).test(soFar)) return;
          interrupted = true;
          interrupt();
        },
      });
      expect(interrupted).toBe(true);
      expect(stderr).toContain('error kit.cancelled: Cancelled.');
      expect(code).toBe(130);
      expect(readdirSync(folder)).toEqual([]);
    },
  );
});

describe('say', () => {
  it('speaks to standard output when that is a pipe', async () => {
    const { code, stdout } = await runCli(['say', 'Hello there.', '--out', '-'], kept);
    expect(code).toBe(0);
    expect(stdout.startsWith('RIFF')).toBe(true);
  });

  it('says what it could not say', async () => {
    const { code, stdout } = await runCli(
      ['say', 'Hello 你好. Run `npm ci` now.\n\n```\ncode\n```', '--out', join(emptyFolder(), 'x.wav'), '--json'],
      kept,
    );
    expect(code).toBe(0);
    const kinds = JSON.parse(stdout).losses.map(({ kind }: { kind: string }) => kind);
    expect(kinds).toContain('not-spoken');
    expect(kinds).toContain('not-pronounced');
  });

  it('refuses a text with nothing to say, and a folder that is not there', async () => {
    const empty = await runCli(['say', '```\ncode\n```', '--out', join(emptyFolder(), 'x.wav')], kept);
    expect(empty.stderr).toContain('error speak.nothing-to-say');
    const nowhere = await runCli(['say', 'Hi.', '--out', join(emptyFolder(), 'no/such/folder.wav')], kept);
    expect(nowhere.stderr).toMatch(/^error cli\.cannot-write/);
    expect([empty.code, nowhere.code]).toEqual([2, 2]);
  });

  it.skipIf(!existsSync('/dev/full'))('says when the disk is full', async () => {
    const { stderr, code } = await runCli(['say', 'Hello there, this is a sentence.', '--out', '/dev/full'], kept);
    expect(stderr).toMatch(/error (kit\.disk-full|cli\.cannot-write)/);
    expect(code).not.toBe(0);
  });
});

describe('doctor, models, voices, config', () => {
  it('doctor says the main job can run here', async () => {
    const { stdout, code } = await runCli(['doctor', '--json'], kept);
    const { ready, checks } = JSON.parse(stdout);
    expect([ready, code]).toEqual([true, 0]);
    expect(checks.length).toBeGreaterThan(8);
  });

  it('models lists, verifies and finds, and notices a damaged file', async () => {
    const list = JSON.parse((await runCli(['models', 'list', '--json'], kept)).stdout).models;
    expect(list.find(({ id }: { id: string }) => id === 'silero-vad')).toMatchObject({ installed: true });
    const { stdout, code } = await runCli(['models', 'verify', 'silero-vad', '--json'], kept);
    expect(JSON.parse(stdout).models).toMatchObject([{ model: 'silero-vad', good: true }]);
    expect(code).toBe(0);
    const path = (await runCli(['models', 'path', 'silero-vad'], kept)).stdout.trim();
    expect(existsSync(path)).toBe(true);

    const copy = emptyFolder();
    cpSync(path, join(copy, 'models/silero-vad'), { recursive: true });
    writeFileSync(join(copy, 'models/silero-vad/silero_vad_v5.onnx'), 'damaged');
    const damaged = await runCli(['models', 'verify', 'silero-vad', '--offline'], { home: copy });
    expect(damaged.stdout).toContain('silero_vad_v5.onnx: damaged');
    expect(damaged.code).toBe(3);
  });

  it('voices lists 28 English voices', async () => {
    const { voices } = JSON.parse((await runCli(['voices', 'list', '--json'], kept)).stdout);
    expect(voices).toHaveLength(28);
    expect(voices).toContainEqual(expect.objectContaining({ id: 'af_heart', name: 'heart' }));
  });

  it('config show masks a key and says where it came from', async () => {
    const secret = 'sk-not-a-real-key-0123456789';
    const { stdout } = await runCli(['config', 'show', '--json'], { ...kept, env: { OPENAI_API_KEY: secret } });
    expect(stdout).not.toContain(secret);
    expect(JSON.parse(stdout).settings).toContainEqual({
      name: 'providers.openai.apiKey',
      value: 'sk-…89',
      origin: 'OPENAI_API_KEY',
    });
  });
});
