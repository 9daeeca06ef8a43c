import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageSize } from 'image-size';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KindLimits } from '#contract/capabilities.ts';
import type { MediaPart } from '#contract/media.ts';
import { onBench } from '#runtime/bench.ts';
import { childProcesses } from '#runtime/encode/__fixtures__/child-processes.ts';
import { lookAtVideo, type VideoLook } from '#runtime/video/look.ts';
import { context, generated, received, scenes, taken, testFolder } from '../__fixtures__/media.ts';
import { fitMedia, framesOf } from '../index.ts';
import { ffmpegFor } from '../tools.ts';

const folder = testFolder();
const any = () => true;
const mp4 = ({ mimeType }: { readonly mimeType: string }) => mimeType === 'video/mp4';

let film: MediaPart;
let talk: MediaPart;
beforeAll(async () => {
  film = await scenes(folder.path, 'film.mp4', [1, 1.5, 1]);
  const sound = ['-f', 'lavfi', '-i', 'sine=d=2', '-c:a', 'libmp3lame', '-c:v', 'mpeg4'];
  talk = await generated(folder.path, 'talk.avi', '-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=10:d=2', ...sound);
});
afterAll(async () => {
  await film.close();
  await talk.close();
});

async function fitted(
  part: MediaPart,
  limits: KindLimits | undefined,
  accepts: (form: { readonly mimeType: string }) => boolean = any,
) {
  const call = context();
  const made = await fitMedia(part, limits, accepts, call);
  return { made, losses: call.losses, looks: await Promise.all(made.map(look)) };
}

/** What a video is, as its receiver finds it. */
async function look(part: MediaPart): Promise<VideoLook> {
  const again = await received(part);
  const call = context();
  try {
    return await onBench(again, call.signal, async ({ source }) =>
      lookAtVideo({ program: await ffmpegFor(again, call), path: source, mimeType: again.media.mimeType }, call.signal),
    );
  } finally {
    await again.close();
  }
}

const closeAll = async (parts: readonly MediaPart[]) => {
  for (const part of parts) await part.close();
};

it('is the very same part where it fits, and nothing is noted', async () => {
  for (const limits of [undefined, {}, { maxSidePx: 320, maxDurationMs: 3_500, minDurationMs: 3_500 }]) {
    const { made, losses } = await fitted(film, limits);
    expect(made).toEqual([film]);
    expect(losses).toEqual([]);
  }
});

describe('a video that does not fit', () => {
  it('changes its container alone where that is enough', async () => {
    const mkv = await generated(folder.path, 'film.mkv', '-f', 'mov', '-i', `${folder.path}/film.mp4`, '-c', 'copy');
    const { made, losses, looks } = await fitted(mkv, {}, mp4);
    expect(made[0]?.media).toMatchObject({ mimeType: 'video/mp4', name: 'film.mp4' });
    expect(losses).toMatchObject([{ kind: 're-encoded', message: expect.stringContaining('as they were') }]);
    expect(looks[0]).toMatchObject({ width: 320, height: 240, pictureCodec: 'h264' });
    await closeAll(made);
  });

  it('becomes MP4 with its sound, and says what it was and became', async () => {
    const { made, losses, looks } = await fitted(talk, { maxSidePx: 101 }, mp4);
    expect(looks[0]).toMatchObject({ width: 100, height: 74, pictureCodec: 'h264', soundCodec: 'aac' });
    expect(made[0]?.sound).toBe(talk.sound);
    expect(losses.map(({ kind }) => kind)).toEqual(['downscaled', 're-encoded']);
    for (const { before, after } of losses) {
      expect(before).toMatch(/^video\/vnd\.avi 160×120, 2\.\d s, /);
      expect(after).toMatch(/^video\/mp4 100×74, 2\.\d s, /);
    }
    await closeAll(made);
  });

  it('is cut where it is too long, and split where the model says that it takes several', async () => {
    const cut = await fitted(film, { maxDurationMs: 2_000 });
    expect(cut.looks.map(({ durationMs }) => durationMs <= 2_000 && durationMs > 1_500)).toEqual([true]);
    expect(cut.losses.map(({ kind }) => kind)).toEqual(['re-encoded', 'truncated']);
    expect(cut.losses[1]).toMatchObject({ unit: 'ms', time: { endMs: 3_500 } });
    const split = await fitted(film, { maxDurationMs: 2_000, maxCount: 3 });
    expect(split.made.map(({ media }) => media.name)).toEqual(['film-1.mp4', 'film-2.mp4']);
    for (const { durationMs } of split.looks) expect(durationMs).toBeLessThanOrEqual(2_000);
    const sum = split.looks.reduce((all, { durationMs }) => all + durationMs, 0);
    expect(sum).toBeGreaterThanOrEqual(3_400);
    expect(split.losses.map(({ kind }) => kind)).toEqual(['re-encoded']);
    await closeAll([...cut.made, ...split.made]);
  });

  it('comes with the sound of each piece', async () => {
    const { made } = await fitted(talk, { maxDurationMs: 1_500, maxCount: 2 });
    for (const { sound } of made) {
      let samples = 0;
      for await (const piece of sound?.pcm() ?? []) samples += piece.length;
      expect(Math.abs(samples / 16 - 1_000)).toBeLessThan(60);
    }
    await closeAll(made);
  });

  it('holds its last picture where it is too short', async () => {
    const { made, losses, looks } = await fitted(film, { minDurationMs: 5_000 });
    expect(looks[0]?.durationMs).toBeGreaterThanOrEqual(5_000);
    expect(losses[0]?.message).toContain('last picture held');
    await closeAll(made);
  });

  it('has fewer bits where it is too large, and is refused where no bits would do', async () => {
    for (const maxBytes of [60_000, 45_000]) {
      const { made } = await fitted(film, { maxBytes });
      expect(made[0]?.media.sizeBytes).toBeLessThanOrEqual(maxBytes);
      await closeAll(made);
    }
    const refused = { code: 'native.cannot-fit', hint: expect.stringMatching(/\.$/) };
    await expect(fitted(film, { maxBytes: 2_000 })).rejects.toMatchObject(refused);
    await expect(fitted(film, { minSidePx: 500, maxSidePx: 400 })).rejects.toMatchObject(refused);
  });

  it('stays upright when it was filmed with the camera turned', async () => {
    const source = await generated(folder.path, 'upright.mp4', '-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=5:d=1');
    const bytes = Buffer.from(await source.bytes());
    // The display matrix of a quarter turn, in the track header (ISO 14496-12, 8.3.2).
    const matrix = bytes.indexOf('tkhd') + 44;
    [0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000].forEach(
      (value, at) => void bytes.writeInt32BE(value, matrix + 4 * at),
    );
    writeFileSync(join(folder.path, 'turned.mp4'), bytes);
    const turned = await taken(join(folder.path, 'turned.mp4'));
    expect(await look(turned)).toMatchObject({ width: 90, height: 160 });
    const { made, looks } = await fitted(turned, { maxSidePx: 80 });
    expect(looks[0]).toMatchObject({ width: 44, height: 80 });
    const frames = await framesOf(turned, { maxFrames: 1, limits: undefined }, context());
    expect(imageSize(Buffer.from((await frames[0]?.part.bytes()) ?? []))).toMatchObject({ width: 90, height: 160 });
    await closeAll([...made, ...frames.map(({ part }) => part)]);
  });

  it('gets an edge where it is too long and thin', async () => {
    const thin = await generated(
      folder.path,
      'thin.mp4',
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=200x10:r=5:d=1',
      '-pix_fmt',
      'yuv420p',
    );
    const { made, looks } = await fitted(thin, { maxRatio: 4 });
    expect(looks[0]).toMatchObject({ width: 200, height: 50 });
    await closeAll(made);
  });
});

it('stops when it is cancelled, and leaves neither a file nor a process behind', async () => {
  const long = await generated(
    folder.path,
    'long.mp4',
    '-f',
    'lavfi',
    '-i',
    'testsrc2=s=640x480:r=25:d=3',
    '-preset',
    'ultrafast',
  );
  const [files, processes] = [folder.leftovers(), childProcesses()];
  const aborter = new AbortController();
  const made = fitMedia(long, { maxSidePx: 500 }, any, context(aborter.signal));
  setTimeout(() => aborter.abort(), 40);
  await expect(made).rejects.toMatchObject({ code: 'kit.cancelled' });
  expect(folder.leftovers()).toBe(files);
  await expect.poll(childProcesses).toBeLessThanOrEqual(processes);
  await expect(fitMedia(long, { maxSidePx: 500 }, any, context(aborter.signal))).rejects.toMatchObject({
    code: 'kit.cancelled',
  });
});
