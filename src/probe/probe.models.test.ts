import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SoundFinding } from '#contract/finding.ts';
import type { Loss } from '#contract/loss.ts';
import type { MediaPart } from '#contract/media.ts';
import { takeMedia } from '#media/index.ts';
import { modelFolder } from '../../test/model-folder.ts';
import { examineVoiceDetector } from './conformance.ts';
import { probe, VOICE_DETECTORS, type VoiceDetector } from './index.ts';

const data = new URL('../../../shared/data/', import.meta.url).pathname;
const here = existsSync(join(data, 'manifest.jsonl'));

interface Row {
  readonly file: string;
  readonly duration_s: number | null;
  readonly labels: { readonly speech?: boolean; readonly segments?: readonly { start: number; end: number }[] };
}
const rows: Row[] = here
  ? readFileSync(join(data, 'manifest.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  : [];
const heard = rows.filter((row) => row.duration_s !== null);
console.log(`probe: ${heard.length} recordings${here ? '' : ' (shared data is absent: skipped)'}`);

const signal = new AbortController().signal;
const [entry] = VOICE_DETECTORS;
const make = async () => entry.create(await modelFolder(entry.model));

function take(file: string): Promise<MediaPart> {
  return takeMedia({ kind: 'path', path: join(data, file) }, { part: 'part-1', signal, note: () => {} });
}

async function pcmOf(file: string): Promise<Float32Array> {
  const samples: number[] = [];
  for await (const piece of (await take(file)).sound?.pcm() ?? []) for (const sample of piece) samples.push(sample);
  return Float32Array.from(samples);
}

describe.skipIf(!here)(entry.id, () => {
  examineVoiceDetector('exam', make, async () => ({
    pcm: await pcmOf('audio/zh_homophone_words.mp3'),
    // Where the level rises and falls; the manifest's segments have the pauses in them.
    speech: [
      { startMs: 260, endMs: 1_120 },
      { startMs: 2_340, endMs: 3_170 },
      { startMs: 4_420, endMs: 5_250 },
      { startMs: 6_430, endMs: 7_260 },
      { startMs: 8_480, endMs: 9_250 },
    ],
  }));

  let detector: VoiceDetector;
  beforeAll(async () => {
    detector = await make();
  });
  afterAll(() => detector.close());

  it.each(heard)('$file: speech where somebody speaks, and nowhere else', async (row) => {
    const losses: Loss[] = [];
    const part = await take(row.file);
    const found = (await probe(part, { detector, signal, note: (loss) => losses.push(loss) })) as SoundFinding;
    const spans = found.speech.map(({ startMs, endMs }) => `${startMs}-${endMs}`).join(' ');
    const noted = losses.map(({ kind }) => kind).join(' ');
    console.log(
      `probe: ${row.file} ${found.durationMs} ms, rms ${found.rmsDb} peak ${found.peakDb} snr ${found.snrDb} dB, [${spans}] ${noted}`,
    );
    expect(Math.abs(found.durationMs - 1_000 * (row.duration_s ?? 0))).toBeLessThan(100);
    expect(found.speech.length > 0).toBe(row.labels.speech ?? true);
    // Every stretch of speech in the manifest is touched.
    for (const { start, end } of row.labels.segments ?? []) {
      const touched = found.speech.some(({ startMs, endMs }) => startMs < end * 1_000 && endMs > start * 1_000);
      expect(touched, `${start}-${end}`).toBe(true);
    }
  });

  it('keeps the soft first and last words of acted speech', async () => {
    const spoken = async (file: string) =>
      ((await probe(await take(file), { detector, signal, note: () => {} })) as SoundFinding).speech;
    const angry = await spoken('audio/en_emo_angry_a05.wav');
    expect(angry[0]?.startMs).toBeLessThan(1_050);
    const sad = await spoken('audio/en_emo_sad_a06.wav');
    expect(sad.at(-1)?.endMs).toBeGreaterThan(2_750);
  });

  it('stops within a blink when cancelled, and hears on afterwards', async () => {
    const controller = new AbortController();
    const part = await take('audio/en_jfk.wav');
    const listening = probe(part, { detector, signal: controller.signal, note: () => {} });
    setTimeout(() => controller.abort(), 10);
    await expect(listening).rejects.toMatchObject({ code: 'kit.cancelled' });
    expect(((await probe(part, { detector, signal, note: () => {} })) as SoundFinding).speech).not.toEqual([]);
  });
});
