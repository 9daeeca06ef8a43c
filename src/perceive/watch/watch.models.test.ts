import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { MediaPart } from '#contract/media.ts';
import type { Transcript } from '#contract/perception.ts';
import { probe, VOICE_DETECTORS } from '#probe/index.ts';
import { modelFolder } from '../../../test/model-folder.ts';
import { recogniserFor } from '../hear/engines/index.ts';
import { hear } from '../hear/hear.ts';
import { readerFor, see } from '../see/index.ts';
import { context, testFolder } from './__fixtures__/fakes.ts';
import { ffmpeg, taken } from './__fixtures__/film.ts';
import { countWritings } from './__fixtures__/writings.ts';
import { watch } from './index.ts';

const data = new URL('../../../../shared/data/', import.meta.url).pathname;
const fixtures = new URL('../see/__fixtures__/', import.meta.url).pathname;
const real = join(data, 'video', 'en_grid_bbaf2n.mpg');
console.log(`watching: ${existsSync(real) ? 'a real video is here' : 'the shared video is absent: skipped'}`);
const folder = testFolder();

/** Watches with the real reader and recogniser. Prints what came of it. */
async function watched(media: MediaPart) {
  const call = context();
  const reader = await readerFor('pp-ocrv4', { modelDir: modelFolder });
  const recogniser = await recogniserFor('moonshine-tiny', { modelDir: modelFolder });
  const detector = await VOICE_DETECTORS[0].create(await modelFolder(VOICE_DETECTORS[0].model));
  const begun = performance.now();
  try {
    const timeline = await watch(
      {
        media,
        language: 'en',
        maxFrames: 40,
        async transcript(): Promise<Transcript | null> {
          const finding = await probe(media, { ...call, detector });
          const { sound } = media;
          if (!sound || finding.kind !== 'sound') return null;
          return hear({ part: 'part-1', sound, finding }, recogniser, call);
        },
        see: (pixels) => see({ part: 'part-1', mimeType: 'image/raw', pixels }, { reader, describer: null }, call),
      },
      call,
    );
    const { durationMs, framesSeen, framesTotal, text } = timeline;
    console.log(
      `${media.media.name}: ${framesSeen} of ${framesTotal} frames, ${durationMs} ms of video in ${(performance.now() - begun).toFixed(0)} ms\n${text}`,
    );
    return { timeline, losses: call.losses };
  } finally {
    await Promise.all([reader.close(), recogniser.close(), detector.close(), media.close()]);
  }
}

it('a slide that is uncovered line by line, with a question asked over it, becomes a timeline', async () => {
  // Two columns of print, of which more is to be seen from second to second; then another page.
  const cover = [1, 2, 3].map(
    (turn) => `drawbox=y=${40 + turn * 120}:h=${480 - turn * 120}:w=iw:c=white:t=fill:enable='lt(t,${turn * 2})'`,
  );
  const still = (name: string, seconds: number) => [
    '-loop',
    '1',
    '-r',
    '10',
    '-t',
    String(seconds),
    '-i',
    join(fixtures, name),
  ];
  const question = new URL('../../../examples/question.wav', import.meta.url).pathname;
  const size =
    'scale=900:520:force_original_aspect_ratio=decrease,pad=900:520:(ow-iw)/2:(oh-ih)/2:white,setsar=1,format=yuv420p';
  const graph = `[0:v]${size},${cover.join()}[a];[1:v]${size}[b];[a][b]concat=n=2[v]`;
  const path = join(folder.path, 'slides.mp4');
  await ffmpeg(
    ...still('columns.png', 8),
    ...still('table.png', 4),
    '-i',
    question,
    '-filter_complex',
    graph,
    '-map',
    '[v]',
    '-map',
    '2:a',
    '-c:a',
    'aac',
    '-y',
    path,
  );
  const { timeline, losses } = await watched(await taken(path));
  expect(timeline.text).toMatch(/Said: ".*capital of France/);
  const told = timeline.moments
    .filter(({ what }) => what === 'written')
    .map(({ text }) => text)
    .join('\n');
  for (const line of [
    'Rivers and Mountains',
    'spring the water rises and carries',
    'has passed and the market opens',
  ]) {
    expect(told.split(line).length).toBe(2);
  }
  const last = timeline.moments.find(({ text }) => text.includes('has passed and the market'));
  expect(last?.startMs).toBeGreaterThanOrEqual(4_000);
  expect(last?.endMs).toBeLessThanOrEqual(8_000);
  expect(timeline.framesSeen).toBeLessThanOrEqual(8);
  expect(losses.map(({ kind }) => kind)).toContain('frames-sampled');
});

it.skipIf(!existsSync(real))('a real video: somebody talks before a wall, and nothing is written', async () => {
  const { timeline } = await watched(await taken(real));
  expect(timeline).toMatchObject({ framesTotal: 75, cutsMissed: 0 });
  expect(timeline.moments.some(({ what }) => what === 'written')).toBe(false);
  expect(timeline.transcript).not.toBeNull();
});

it('changes of writing at several thresholds', async () => {
  const { chosen, ...others } = await countWritings(folder.path, 20, {
    chosen: {},
    'edges from 32': { sharp: 32 },
    'edges from 48': { sharp: 48 },
    'edges from 96': { sharp: 96 },
    '2 squares': { leastSquares: 2 },
    '4 squares': { leastSquares: 4 },
    '0.65 the same': { sameShare: 0.65 },
    '0.35 the same': { sameShare: 0.35 },
  });
  for (const { found } of Object.values(others)) expect(chosen.found).toBeGreaterThanOrEqual(found - 1);
  expect(chosen.found / chosen.there).toBeGreaterThanOrEqual(0.95);
});
