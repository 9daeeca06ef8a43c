import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SensoriumError } from '#contract/error.ts';
import type { Transcript } from '#contract/perception.ts';
import { profileFrom } from '#ledger/index.ts';
import type { Sensorium } from '#pipeline/index.ts';
import { randomFrom } from '#score/index.ts';
import { type CalibrateOptions, calibrate } from './calibrate.ts';
import { formatCalibration, pictureOf } from './table.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sensorium-calibrate-'));
});
afterAll(() => rm(folder, { recursive: true }));

const WORDS = ['alpha', 'bravo', 'delta', 'echo', 'golf', 'hotel', 'lima', 'oscar'];

/** Items of ten words whose confidences are one and a half times too sure of themselves, of five speakers. */
function items(count: number, errorShare = 1) {
  const random = randomFrom(count);
  return Array.from({ length: count }, (_, at) => {
    const said = Array.from({ length: 10 }, () => WORDS[Math.floor(random() * WORDS.length)] ?? '');
    const words = said.map((text) => {
      const doubt = random() ** 4;
      return { text: random() < doubt * errorShare ? `${text}x` : text, confidence: 1 - doubt / 3 };
    });
    const hypothesis = words.map(({ text }) => text).join(' ');
    return { hypothesis, reference: said.join(' '), words, speaker: `speaker ${at % 5}`, lang: 'en' };
  });
}

let heard: string[] = [];
beforeEach(() => {
  heard = [];
});

/** Hears in each file what is written there; what begins with ! cannot be heard. `stopAfter`: Ctrl-C comes then. */
function sensoriumOf(stop?: AbortController, stopAfter = Number.POSITIVE_INFINITY): Sensorium {
  async function* perceive({ media }: { media: { path: string } }) {
    const text = await readFile(media.path, 'utf8');
    if (heard.length >= stopAfter) {
      stop?.abort();
      throw new SensoriumError('kit.cancelled', 'Cancelled.');
    }
    heard.push(media.path);
    if (text.startsWith('!')) throw new SensoriumError('media.broken', 'It is broken.');
    yield { kind: 'part-perceived', perception: transcriptOf(text) };
  }
  return { perceive } as unknown as Sensorium;
}

function transcriptOf(written: string): Transcript {
  const words = written.split(' ').map((one, at) => {
    const [text = '', confidence] = one.split('=');
    const told = { confidence: Number(confidence), confidenceSource: 'test', timeSource: 'model' as const, tokens: [] };
    return { text, startMs: at, endMs: at + 1, ...told };
  });
  const text = words.map((word) => word.text).join(' ');
  const segment = {
    startMs: 0,
    endMs: 9,
    text,
    words,
    meanLogprob: null,
    compressionRatio: null,
    noSpeechProbability: null,
  };
  return {
    part: 'p',
    kind: 'transcript',
    text,
    language: 'en',
    languageSource: null,
    durationMs: 9,
    engine: 'test',
    words,
    segments: [segment],
  };
}

async function run(lines: readonly unknown[], more: Partial<CalibrateOptions> = {}) {
  const path = join(folder, 'data.jsonl');
  await writeFile(path, lines.map((line) => JSON.stringify(line)).join('\n'));
  const { signal } = new AbortController();
  return calibrate({ path, sensorium: sensoriumOf(), settings: 'x', signal, date: new Date(0), ...more });
}

/** Those items as recordings, each a file of its words with their confidences. */
async function recordings(count: number) {
  return Promise.all(
    items(count).map(async ({ reference, words, speaker }, at) => {
      await writeFile(
        join(folder, `${at}.wav`),
        words.map(({ text, confidence }) => `${text}=${confidence}`).join(' '),
      );
      return { audio: `${at}.wav`, text: reference, speaker };
    }),
  );
}

describe('calibrating on one’s own items', () => {
  it('makes a profile that can be loaded, nearer to the truth than the recogniser’s own confidence', async () => {
    const { profile, eceBefore, utterances, bins } = await run(items(120));
    expect(profileFrom(JSON.parse(JSON.stringify(profile)))).toEqual(profile);
    expect(profile).toMatchObject({
      id: 'own:data.jsonl',
      unit: 'word',
      signals: ['confidence'],
      groups: 5,
      items: 1200,
    });
    expect(utterances).toBe(120);
    expect(eceBefore).toBeGreaterThan(0.1);
    expect(profile.ece).toBeLessThan(0.05);
    expect(bins.reduce((sum, bin) => sum + bin.items, 0)).toBe(1200);
  });

  it('tells the figures in both languages and draws them', async () => {
    const calibration = await run(items(60));
    const english = formatCalibration(calibration, 'en');
    expect(english).toContain(
      `ECE ${calibration.profile.ece.toFixed(3)} (the recogniser’s own: ${calibration.eceBefore?.toFixed(3)})`,
    );
    expect(english).toContain('Fewer than 100 items');
    expect(formatCalibration(calibration, 'zh')).toContain('精确率 0.60 时召回率');
    expect(pictureOf(calibration)).toContain(`AUROC ${calibration.profile.auroc.toFixed(3)} · 600 places`);
  });

  it('says how many more items are needed, and what is missing in them', async () => {
    const code = 'ledger.too-few-items';
    await expect(run(items(60, 0.08))).rejects.toMatchObject({
      code,
      hint: expect.stringMatching(/more errors are needed: about \d+ more/),
    });
    await expect(run(items(60).map((item) => ({ ...item, speaker: 'one' })))).rejects.toMatchObject({
      code,
      hint: expect.stringContaining('another speaker'),
    });
    await expect(run(items(60).map(({ words: _, ...item }) => item))).rejects.toMatchObject({
      code,
      hint: expect.stringContaining('"second"'),
    });
    await expect(run([])).rejects.toMatchObject({ code });
  });
});

describe('recordings', () => {
  it('are heard once: a second run goes on where the first was stopped, and gives what one run would have given', async () => {
    const lines = await recordings(40);
    const stop = new AbortController();
    const stopped = run(lines, { sensorium: sensoriumOf(stop, 15), signal: stop.signal });
    await expect(stopped).rejects.toMatchObject({
      code: 'kit.cancelled',
      message: 'Stopped after 15 of 40 recordings.',
    });
    const told: number[] = [];
    const { profile } = await run(lines, { onHeard: (done) => told.push(done) });
    expect(heard).toHaveLength(40);
    expect(told).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
    await run(lines);
    expect(heard).toHaveLength(40);
    await run(lines, { settings: 'another recogniser' });
    expect(heard).toHaveLength(80);
    expect(profile).toMatchObject({ engine: 'test', model: (await run(items(40))).profile.model });
    await rm(join(folder, 'data.jsonl.heard'));
  });

  it('that cannot be heard are told and left out; where all are, the first says why', async () => {
    const lines = await recordings(40);
    await writeFile(join(folder, '3.wav'), '!');
    const calibration = await run(lines);
    expect(calibration).toMatchObject({
      utterances: 39,
      notHeard: [{ line: 4, error: 'media.broken: It is broken.' }],
    });
    expect(formatCalibration(calibration)).toContain('Line 4 was not heard');
    await expect(run(lines.slice(3, 4))).rejects.toMatchObject({ code: 'media.broken' });
    await rm(join(folder, 'data.jsonl.heard'));
  });
});
