import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SoundFinding, TimeSpan } from '#contract/finding.ts';
import type { Loss } from '#contract/loss.ts';
import type { Sound } from '#contract/media.ts';
import { isDoubtful, type Transcript } from '#contract/perception.ts';
import type { Recogniser } from '#contract/ports.ts';
import { editDistance } from '#kit/edits.ts';
import { takeMedia } from '#media/index.ts';
import { probe, VOICE_DETECTORS, type VoiceDetector } from '#probe/index.ts';
import { modelFolder } from '../../../test/model-folder.ts';
import { scoringWords } from '../../../test/word-errors.ts';
import { type DataRow, dataPath, dataRows, soundOf } from './__fixtures__/sound.ts';
import { recogniserExam } from './conformance.ts';
import { recogniserFor } from './engines/index.ts';
import { FILES } from './engines/moonshine/model.ts';
import { hear } from './hear.ts';

const rows = (dataRows() ?? []).filter((row) => row.file.startsWith('audio/'));
const english = rows.filter((row) => row.lang === 'en');
const wordless = rows.filter((row) => row.lang === 'none');
const other = rows.filter((row) => row.lang !== 'en' && row.lang !== 'none');
console.log(
  `hearing: ${english.length} English, ${other.length} other, ${wordless.length} without speech` +
    `${rows.length === 0 ? ' (shared data is absent: all skipped)' : ''}`,
);

interface Clip {
  readonly sound: Sound;
  readonly samples: Float32Array;
  readonly finding: SoundFinding;
}

const signal = new AbortController().signal;
let detector: VoiceDetector;
let moonshine: Recogniser;
const clips = new Map<string, Clip>();
const results = new Map<string, { transcript: Transcript; losses: Loss[] }>();

describe.skipIf(rows.length === 0)('moonshine-tiny on recordings', () => {
  beforeAll(async () => {
    detector = await VOICE_DETECTORS[0].create(await modelFolder(VOICE_DETECTORS[0].model));
    moonshine = await recogniserFor('moonshine-tiny', { modelDir: modelFolder });
    for (const row of rows) results.set(row.file, await heard(await clipOf(row), moonshine));
  });
  afterAll(async () => {
    await detector?.close();
    await moonshine?.close();
  });

  it('hears English', () => {
    let errors = 0;
    let words = 0;
    for (const row of english) {
      const { transcript, losses } = resultOf(row);
      const reference = scoringWords(row.labels.normalized_text ?? row.text ?? '');
      const wrong = editDistance(reference, scoringWords(transcript.text));
      errors += wrong;
      words += reference.length;
      const kinds = [...new Set(losses.map((loss) => loss.kind))].join(' ');
      console.log(
        `WER ${((100 * wrong) / reference.length).toFixed(1).padStart(5)} %  ${row.file}  ${transcript.text}  [${kinds}]`,
      );
    }
    console.log(`WER total ${((100 * errors) / words).toFixed(1)} % (${errors} of ${words} words)`);
    expect(words).toBeGreaterThan(100);
    expect(errors / words).toBeLessThan(0.1);
  });

  it.each(wordless)('hears no words in $file', (row) => {
    const { transcript, losses } = resultOf(row);
    expect(transcript.text).toBe('');
    expect(losses.map((loss) => loss.kind)).toEqual(['no-speech']);
  });

  it('notices speech in other languages, and does not suspect clear English', () => {
    const suspects = (list: readonly DataRow[]) =>
      list.filter((row) => {
        const { transcript, losses } = resultOf(row);
        const flags = losses.map((loss) => loss.kind).filter((kind) => kind !== 'doubtful-word');
        console.log(`${flags.length > 0 ? 'noticed' : 'not noticed'}  ${row.file}  "${transcript.text}"  ${flags}`);
        return flags.length > 0;
      });
    expect(suspects(other).length).toBe(other.length);
    expect(suspects(english).length).toBeLessThanOrEqual(1);
  });

  it('is unsure of wrong words', () => {
    const counts = { flagged: 0, wrong: 0, both: 0, all: 0 };
    for (const row of english) {
      const reference = new Set(scoringWords(row.labels.normalized_text ?? row.text ?? ''));
      for (const word of resultOf(row).transcript.words) {
        // A hyphenated word counts as wrong when one of its parts is.
        const wrong = scoringWords(word.text).some((part) => !reference.has(part));
        const flagged = isDoubtful(word);
        counts.all += 1;
        counts.flagged += Number(flagged);
        counts.wrong += Number(wrong);
        counts.both += Number(flagged && wrong);
      }
    }
    console.log('doubtful words:', counts);
    expect(counts.both / counts.wrong).toBeGreaterThan(0.5);
    expect(counts.flagged / counts.all).toBeLessThan(0.15);
  });

  it('knows when words were said: each within the clip it came from, pauses unknown to it', async () => {
    const { samples, parts } = await joinedClips();
    const speech = [{ startMs: parts[0]?.startMs ?? 0, endMs: parts.at(-1)?.endMs ?? 0 }];
    const { transcript } = await heard(
      { samples, sound: soundOf(samples), finding: findingFor(samples, speech) },
      moonshine,
    );
    let at = 0;
    let inside = 0;
    let placed = 0;
    for (const part of parts) {
      for (const word of scoringWords(part.text)) {
        const found = transcript.words.findIndex((one, index) => index >= at && scoringWords(one.text)[0] === word);
        const time = transcript.words[found];
        if (!time || found > at + 2) continue;
        at = found + 1;
        placed += 1;
        const middleMs = (time.startMs + time.endMs) / 2;
        inside += Number(middleMs >= part.startMs && middleMs <= part.endMs);
      }
    }
    console.log(`word times: ${inside} of ${placed} words within their own clip; ${transcript.words[0]?.timeSource}`);
    expect(placed).toBeGreaterThan(20);
    expect(inside / placed).toBeGreaterThan(0.9);
  });

  it('interpolates word times, and says so, from a folder without the prepared decoder', async () => {
    const whole = await modelFolder('moonshine-tiny');
    const bare = await mkdtemp(join(tmpdir(), 'sensorium-bare-'));
    await mkdir(join(bare, 'onnx'));
    for (const file of [FILES.encoder, FILES.decoder, FILES.tokenizer])
      await symlink(join(whole, file), join(bare, file));
    const plain = await recogniserFor('moonshine-tiny', { modelDir: async () => bare });
    const row = english[0] as DataRow;
    const { transcript } = await heard(await clipOf(row), plain).finally(() => plain.close());
    await rm(bare, { recursive: true });
    expect(plain.capabilities.wordTimes).toBe('interpolated');
    expect(transcript.text).toBe(resultOf(row).transcript.text);
    expect(new Set(transcript.words.map((word) => word.timeSource))).toEqual(new Set(['interpolated']));
    expect(resultOf(row).transcript.words[0]?.timeSource).toBe('attention');
  });

  it('hears a long recording in pieces, losing nothing to the cuts', async () => {
    const { samples, parts } = await joinedClips(5);
    const clip = { samples, sound: soundOf(samples), finding: findingFor(samples, parts) };
    const { transcript } = await heard(clip, moonshine);
    const reference = parts.flatMap((part) => scoringWords(part.text));
    const rate = editDistance(reference, scoringWords(transcript.text)) / reference.length;
    console.log(`long: ${(samples.length / 16_000).toFixed(0)} s, WER ${(100 * rate).toFixed(1)} %`);
    expect(samples.length / 16_000).toBeGreaterThan(60);
    expect(rate).toBeLessThan(0.1);
  });
});

describe.skipIf(rows.length === 0)('moonshine-tiny', () => {
  let voice: VoiceDetector;
  recogniserExam(
    'moonshine-tiny',
    () => recogniserFor('moonshine-tiny', { modelDir: modelFolder }),
    async () => {
      voice = await VOICE_DETECTORS[0].create(await modelFolder(VOICE_DETECTORS[0].model));
      const clip = await clipOf(english[0] as DataRow, voice);
      return { sound: clip.sound, speech: clip.finding.speech, durationMs: clip.finding.durationMs };
    },
  );
  afterAll(() => voice?.close());
});

function resultOf(row: DataRow): { transcript: Transcript; losses: Loss[] } {
  const result = results.get(row.file);
  if (!result) throw new Error(`${row.file} was not heard`);
  return result;
}

async function clipOf(row: DataRow, by = detector): Promise<Clip> {
  const known = clips.get(row.file);
  if (known) return known;
  const note = () => {};
  const part = await takeMedia({ kind: 'path', path: dataPath(row.file) }, { part: 'part-1', signal, note });
  const finding = await probe(part, { detector: by, signal, note });
  if (!part.sound || finding.kind !== 'sound') throw new Error(`${row.file} has no sound`);
  const chunks: Float32Array[] = [];
  for await (const chunk of part.sound.pcm(signal)) chunks.push(chunk.slice());
  const samples = Float32Array.from(chunks.flatMap((chunk) => [...chunk]));
  await part.close();
  const clip = { sound: soundOf(samples), samples, finding };
  clips.set(row.file, clip);
  return clip;
}

async function heard(clip: Clip, recogniser: Recogniser): Promise<{ transcript: Transcript; losses: Loss[] }> {
  const losses: Loss[] = [];
  const context = { signal, note: (loss: Loss) => losses.push(loss) };
  const transcript = await hear({ part: 'part-1', sound: clip.sound, finding: clip.finding }, recogniser, context);
  return { transcript, losses };
}

function findingFor(samples: Float32Array, speech: readonly TimeSpan[]): SoundFinding {
  return {
    part: 'part-1',
    kind: 'sound',
    durationMs: samples.length / 16,
    speech: speech.map(({ startMs, endMs }) => ({ startMs, endMs })),
    speechRatio: 1,
    speechSource: 'test',
    rmsDb: null,
    peakDb: null,
    clippedRatio: 0,
    snrDb: null,
    invalidSamples: 0,
  };
}

/** Real clips one after the other with pauses between: a recording in which the place of every sentence is known. */
async function joinedClips(times = 1): Promise<{ samples: Float32Array; parts: (TimeSpan & { text: string })[] }> {
  const names = ['en_LJ001-0002', 'en_sense_0930', 'en_weather_mulaw16k', 'en_emo_neutral_a01', 'en_sense_0880'];
  const pausesMs = [500, 900, 400, 1_500, 700];
  const parts: (TimeSpan & { text: string })[] = [];
  const pieces: Float32Array[] = [new Float32Array(300 * 16)];
  let atMs = 300;
  for (let turn = 0; turn < times; turn += 1) {
    for (const [index, name] of names.entries()) {
      const row = english.find(({ file }) => file.includes(name)) as DataRow;
      const { samples, finding } = await clipOf(row);
      const [first, last] = [finding.speech[0], finding.speech.at(-1)];
      const voice = samples.slice(Math.round((first?.startMs ?? 0) * 16), Math.round((last?.endMs ?? 0) * 16));
      const pauseMs = pausesMs[index] ?? 500;
      parts.push({ startMs: atMs, endMs: atMs + voice.length / 16, text: row.text ?? '' });
      pieces.push(voice, new Float32Array(pauseMs * 16));
      atMs += voice.length / 16 + pauseMs;
    }
  }
  const samples = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    samples.set(piece, at);
    at += piece.length;
  }
  return { samples, parts };
}
