import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MediaPart } from '#contract/media.ts';
import { Timeline } from '#contract/perception.ts';
import { childProcesses } from '#runtime/encode/__fixtures__/child-processes.ts';
import { context, pictureOf, segment, testFolder, textLine, transcriptOf } from './__fixtures__/fakes.ts';
import { FILM, ffmpeg, film, taken } from './__fixtures__/film.ts';
import { type Watching, watch } from './index.ts';

const folder = testFolder();

/** Three lines come onto a slide, at 0, 2 and 4 s; at 6 s it gives way to a dark one. */
const SLIDES = [
  { fromMs: 0, untilMs: 6_000, text: 'what was measured', top: 40 },
  { fromMs: 2_000, untilMs: 6_000, text: 'speed 12 km', top: 120 },
  { fromMs: 4_000, untilMs: 6_000, text: 'speed 13 km', top: 180 },
  { fromMs: 6_000, untilMs: 9_000, text: 'thank you', top: 80 },
];
const shownAt = (ms: number) => SLIDES.filter(({ fromMs, untilMs }) => ms >= fromMs && ms < untilMs);

const talk = (name: string, more: readonly string[] = [], inputs: readonly string[] = []) =>
  film(
    folder.path,
    name,
    9,
    (canvas, at) => {
      canvas.fill(at < 6 ? 240 : 20);
      for (const { text, top } of shownAt(at * 1_000)) canvas.write(40, top, text, 3, at < 6 ? 20 : 230);
    },
    more,
    inputs,
  );

const readSlides: Watching['see'] = async (pixels, atMs) =>
  pictureOf(
    pixels,
    shownAt(atMs).map(({ text, top }) => textLine(text, 40, top)),
    atMs < 6_000 ? 'A white slide.' : 'A dark slide.',
  );

async function watched(media: MediaPart, more: Partial<Watching> = {}, call = context()) {
  const frames: { atMs: number; widthPx: number; heightPx: number; mean: number }[] = [];
  const progress: string[] = [];
  let busy = 0;
  const timeline = await watch(
    {
      media,
      transcript: async () => null,
      language: 'en',
      maxFrames: 50,
      onProgress: (done, total) => void progress.push(`${done}/${total}`),
      ...more,
      async see(pixels, atMs) {
        expect(++busy).toBe(1);
        const { widthPx, heightPx, rgb } = pixels;
        expect(rgb.length).toBe(widthPx * heightPx * 3);
        frames.push({ atMs, widthPx, heightPx, mean: rgb.reduce((sum, value) => sum + value, 0) / rgb.length });
        await new Promise((resolve) => setTimeout(resolve, 1));
        busy--;
        return more.see ? more.see(pixels, atMs) : pictureOf(pixels, []);
      },
    },
    call,
  );
  Timeline.parse(timeline);
  expect(frames.every(({ atMs }, at) => at === 0 || atMs > (frames[at - 1]?.atMs ?? 0))).toBe(true);
  expect(folder.leftovers()).toBe(0);
  return { timeline, frames, progress, losses: call.losses };
}

/** Watches and closes. */
async function once(media: MediaPart, more: Partial<Watching> = {}, call = context()) {
  try {
    return await watched(media, more, call);
  } finally {
    await media.close();
    expect(folder.leftovers()).toBe(0);
  }
}

describe('a talk with slides', () => {
  it('becomes one timeline, each thing told once from first to last sight', async () => {
    const transcript = async () =>
      transcriptOf(9_000, [
        segment(1_000, 3_000, 'hello', { events: [{ label: 'laughter', probability: 0.7, source: 'fake-ear' }] }),
        segment(6_200, 8_000, 'goodbye', { speaker: '2' }),
      ]);
    const { timeline, frames, progress, losses } = await once(await talk('talk.mp4'), { see: readSlides, transcript });
    expect(timeline.text).toBe(
      [
        '[00:00] Shown: A white slide. / Written: what was measured',
        '[00:01] Heard: laughter / Said: "hello"',
        '[00:02] Written: speed 12 km',
        '[00:04] Written: speed 13 km',
        '[00:06] Shown: A dark slide. / Written: thank you / Said: "2: goodbye"',
      ].join('\n'),
    );
    const written = timeline.moments.filter(({ what }) => what === 'written');
    expect(written.map(({ text }) => text)).toEqual(SLIDES.map(({ text }) => text));
    for (const { text, startMs, endMs, confidence } of written) {
      const { fromMs, untilMs } = SLIDES.find((line) => line.text === text) as (typeof SLIDES)[0];
      expect(startMs).toBeGreaterThanOrEqual(fromMs);
      expect(startMs).toBeLessThanOrEqual(fromMs + 200);
      expect(endMs).toBeGreaterThan(untilMs - 500);
      expect(endMs).toBeLessThanOrEqual(untilMs);
      expect(confidence).toBe(0.99);
    }
    expect(frames.length).toBeLessThanOrEqual(6);
    expect(frames.every(({ atMs, mean }) => mean > 128 === atMs < 6_000)).toBe(true);
    expect(progress.at(-1)).toBe(`${frames.length}/${frames.length}`);
    expect(timeline).toMatchObject({ framesSeen: frames.length, framesTotal: 90, cutsMissed: 0, durationMs: 9_000 });
    expect(timeline.seenMs).toHaveLength(frames.length);
    const times = [0, ...frames.map(({ atMs }) => atMs), 9_000];
    expect(timeline.longestGapMs).toBe(Math.max(...times.slice(1).map((ms, at) => ms - (times[at] as number))));
    expect(losses).toMatchObject([
      { kind: 'frames-sampled', extent: 90 - frames.length, unit: 'frames', part: 'part-1' },
    ]);
    expect(timeline.engine).toBe('fake-reader+fake-eye+fake-ear');
  });

  it('is told in Chinese, and what no frame shows is counted where there is little room', async () => {
    const transcript = async () => transcriptOf(9_000, [segment(500, 900, '你好')]);
    const { timeline, losses } = await once(await talk('short.mp4'), {
      see: readSlides,
      transcript,
      language: 'zh',
      maxFrames: 1,
    });
    expect(timeline.text).toMatch(/^\[00:00\] 画面：A white slide\. \/ 文字：what was measured \/ 说：“你好”$/);
    expect(timeline).toMatchObject({ framesSeen: 1, cutsMissed: 1 });
    expect(losses[0]?.message).toMatch(/1 of its 1 cuts have no frame; 2 of 2 changes of its writing have no frame/);
  });

  it('says when nothing was described and when nobody heard the sound', async () => {
    const { losses } = await once(
      await talk('sound.mp4', ['-shortest', '-c:a', 'aac'], ['-f', 'lavfi', '-i', 'sine=d=9']),
      {
        see: async (pixels) => pictureOf(pixels, []),
      },
    );
    expect(losses.map(({ kind }) => kind).sort()).toEqual(['frames-sampled', 'not-described', 'sound-dropped']);
  });

  it('leaves out a frame that cannot be looked at, and fails only when it is so with all', async () => {
    let turn = 0;
    const see: Watching['see'] = async (pixels, atMs) => {
      if (turn++ === 1) throw new Error('no');
      return readSlides(pixels, atMs);
    };
    const { timeline, losses, frames } = await once(await talk('one-fails.mp4'), { see });
    expect(timeline.framesSeen).toBe(frames.length - 1);
    expect(losses).toContainEqual(
      expect.objectContaining({ kind: 'frames-sampled', unit: 'chosen frames', extent: 1 }),
    );
    const never = async () => Promise.reject(new Error('never'));
    await expect(once(await talk('all-fail.mp4'), { see: never })).rejects.toThrow('never');
    await expect(once(await talk('deaf.mp4'), { see: readSlides, transcript: never })).rejects.toThrow('never');
  });

  it('stops when it is cancelled, whatever it is doing, and leaves neither a file nor a process behind', async () => {
    const media = await talk('cancelled.mp4');
    const processes = childProcesses();
    for (const after of [0, 20, 'see'] as const) {
      const aborter = new AbortController();
      const see: Watching['see'] = async (pixels, atMs) => {
        if (after === 'see') aborter.abort();
        return readSlides(pixels, atMs);
      };
      if (after === 0) aborter.abort();
      else if (after !== 'see') setTimeout(() => aborter.abort(), after);
      await expect(watched(media, { see }, context(aborter.signal))).rejects.toMatchObject({ code: 'kit.cancelled' });
    }
    await expect.poll(childProcesses).toBeLessThanOrEqual(processes);
    await media.close();
    expect(folder.leftovers()).toBe(0);
  });
});

it('needs nobody who is told of its progress', async () => {
  const { frames } = await once(await talk('quiet.mp4'), { onProgress: undefined });
  expect(frames.length).toBeGreaterThan(2);
});

describe('tracks', () => {
  it('reads subtitles in the language asked for and chapters, and says which tracks it left', async () => {
    const srt = (text: string) =>
      `1\n00:00:01,000 --> 00:00:02,500\n<i>${text}</i>\n\n2\n00:00:03,000 --> 00:00:04,000\n{\\an8}two\nlines\n`;
    writeFileSync(join(folder.path, 'en.srt'), srt('hello'));
    writeFileSync(join(folder.path, 'zh.srt'), srt('你好'));
    writeFileSync(
      join(folder.path, 'chapters'),
      ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=4000\ntitle=Intro\\; first\n',
    );
    await (await talk('plain.mp4')).close();
    const at = (name: string) => join(folder.path, name);
    const inputs = ['-i', at('plain.mp4'), '-i', at('en.srt'), '-i', at('zh.srt'), '-i', at('chapters')];
    const sounds = ['-f', 'lavfi', '-i', 'sine=d=9', '-map', '0:v', '-map', '4:a', '-map', '4:a', '-map', '0:v'];
    const subtitles = [
      '-map',
      '1:s',
      '-map',
      '2:s',
      '-metadata:s:s:0',
      'language=eng',
      '-metadata:s:s:1',
      'language=chi',
    ];
    for (const [name, codec] of [
      ['tracks.mkv', 'srt'],
      ['tracks.mp4', 'mov_text'],
    ] as const) {
      const codecs = ['-map_chapters', '3', '-c:v', 'copy', '-c:a', 'aac', '-c:s', codec];
      await ffmpeg(...inputs, ...sounds, ...subtitles, ...codecs, '-y', at(name));
      const transcript = async () => transcriptOf(9_000, []);
      const { timeline, losses } = await once(await taken(at(name)), { language: 'zh', transcript });
      expect(timeline.moments).toMatchObject([
        { what: 'written', text: 'Intro; first', source: 'chapters', startMs: 0 },
        {
          what: 'written',
          text: '你好',
          source: 'subtitle track',
          startMs: expect.closeTo(1_000, -2),
          confidence: null,
        },
        { text: 'two\nlines' },
      ]);
      expect(timeline.text).toBe('[00:00] 章节：Intro; first\n[00:01] 文字：你好\n[00:03] 文字：two | lines');
      const told = losses.map(({ kind, extent, unit }) => `${kind} ${extent} ${unit}`);
      expect(told).toEqual(expect.arrayContaining(['media-dropped 1 tracks', 'sound-dropped 1 tracks']));
      expect(told.filter((one) => one === 'media-dropped 1 tracks').length).toBe(2);
    }
  });

  it('takes a poster for no video, and sound alone neither', async () => {
    const at = (name: string) => join(folder.path, name);
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=64x64:d=1:r=1', '-frames:v', '1', '-y', at('poster.jpg'));
    const sound = ['-f', 'lavfi', '-i', 'sine=d=2'];
    await ffmpeg(...sound, '-attach', at('poster.jpg'), '-metadata:s:t', 'mimetype=image/jpeg', '-y', at('poster.mkv'));
    await ffmpeg(...sound, '-y', at('sound.mp4'));
    for (const name of ['poster.mkv', 'sound.mp4']) {
      await expect(once(await taken(at(name)))).rejects.toMatchObject({
        code: 'watch.no-pictures',
        hint: expect.stringContaining('heard instead'),
      });
    }
  });

  it('needs ffmpeg', async () => {
    await expect(once(await talk('no.mp4'), { ffmpeg: async () => null })).rejects.toMatchObject({
      code: 'media.decoder-missing',
    });
  });
});

describe('odd videos', () => {
  const generated = async (name: string, ...args: string[]) => {
    await ffmpeg(...args, '-y', join(folder.path, name));
    return taken(join(folder.path, name));
  };
  const source = (more: string) => ['-f', 'lavfi', '-i', `testsrc2=${more}`, '-pix_fmt', 'yuv420p'];

  it('with one frame, few frames a second, or frames at odd times', async () => {
    const one = await once(await generated('one.mp4', ...source('s=64x48:r=10:d=1'), '-frames:v', '1'));
    expect(one.timeline).toMatchObject({ framesSeen: 1, framesTotal: 1, cutsMissed: 0 });
    expect(one.losses.map(({ kind }) => kind)).toEqual(['not-described']);
    const slow = await once(await generated('slow.mp4', ...source('s=64x48:r=1:d=8')));
    expect(slow.timeline).toMatchObject({ framesTotal: 8, durationMs: 8_000 });
    const odd = ['-vf', "select='not(mod(n,7))+lt(n,20)'", '-vsync', 'vfr'];
    const varying = await once(await generated('varying.mkv', ...source('s=64x48:r=10:d=10'), ...odd));
    expect(varying.timeline.framesTotal).toBeLessThan(40);
    expect(varying.frames.every(({ atMs }, at) => at === 0 || atMs > (varying.frames[at - 1]?.atMs ?? 0))).toBe(true);
  });

  it('turned, or with pixels that are not square, are seen upright', async () => {
    const made = await generated('upright.mp4', ...source('s=160x90:r=5:d=1'));
    const bytes = readFileSync(join(folder.path, 'upright.mp4'));
    await made.close();
    // The display matrix of a quarter turn, in the track header (ISO 14496-12, 8.3.2).
    const matrix = bytes.indexOf('tkhd') + 44;
    [0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000].forEach(
      (value, at) => void bytes.writeInt32BE(value, matrix + 4 * at),
    );
    writeFileSync(join(folder.path, 'turned.mp4'), bytes);
    const turned = await once(await taken(join(folder.path, 'turned.mp4')));
    expect(turned.frames[0]).toMatchObject({ widthPx: 90, heightPx: 160 });
    const wide = await once(await generated('wide.mp4', ...source('s=160x90:r=5:d=1'), '-vf', 'setsar=2'));
    expect(wide.frames[0]).toMatchObject({ widthPx: 320, heightPx: 90 });
  });

  it('that are huge are seen smaller, and it is said', async () => {
    const { frames, losses } = await once(
      await generated('huge.mkv', ...source('s=6000x3000:r=1:d=1'), '-preset', 'ultrafast'),
    );
    expect((frames[0]?.widthPx ?? 0) * (frames[0]?.heightPx ?? 0)).toBeLessThanOrEqual(4_096 * 2_304);
    expect(losses.map(({ kind }) => kind)).toContain('downscaled');
  });

  it('that are cut off or damaged are read as far as it goes', async () => {
    const whole = await generated('whole.mkv', ...source('s=160x120:r=10:d=8'), '-g', '10');
    await whole.close();
    const bytes = readFileSync(join(folder.path, 'whole.mkv'));
    writeFileSync(join(folder.path, 'half.mkv'), bytes.subarray(0, bytes.length / 2));
    const half = await once(await taken(join(folder.path, 'half.mkv')));
    expect(half.timeline.framesTotal).toBeGreaterThan(10);
    expect(half.timeline.framesTotal).toBeLessThan(75);
    expect(half.losses).toContainEqual(expect.objectContaining({ kind: 'truncated', unit: 'ms' }));
    const hurt = Buffer.from(bytes);
    for (let at = bytes.length >> 1; at < bytes.length * 0.7; at += 97) hurt[at] = at & 255;
    writeFileSync(join(folder.path, 'hurt.mkv'), hurt);
    const damaged = await once(await taken(join(folder.path, 'hurt.mkv')));
    expect(damaged.losses.map(({ kind }) => kind)).toContain('invalid-samples');
  });

  it('of which nothing can be read are refused, unless something is heard', async () => {
    const whole = await generated('unread.mkv', ...source('s=160x120:r=10:d=2'), '-bsf:v', 'noise=amount=1');
    await whole.close();
    await expect(once(await taken(join(folder.path, 'unread.mkv')))).rejects.toMatchObject({ code: 'watch.broken' });
    const transcript = async () => transcriptOf(2_000, [segment(0, 900, 'still here')]);
    const { timeline, losses } = await once(await taken(join(folder.path, 'unread.mkv')), { transcript });
    expect(timeline).toMatchObject({ framesSeen: 0, cutsMissed: null, text: '[00:00] Said: "still here"' });
    expect(losses.map(({ kind }) => kind)).toContain('frames-sampled');
  });
});

it('a video of two hours takes no more memory than a short one', async () => {
  const path = join(folder.path, 'long.mp4');
  const source = ['-f', 'lavfi', '-i', 'testsrc=s=64x36:r=1:d=7200', '-pix_fmt', 'yuv420p'];
  await ffmpeg(...source, '-preset', 'ultrafast', '-g', '30', '-y', path);
  const before = process.memoryUsage().rss;
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 10);
  const { timeline, losses } = await once(await taken(path), { maxFrames: 200 });
  clearInterval(timer);
  console.log(
    `watch: two hours, ${timeline.framesSeen} frames seen, ${((most - before) / 2 ** 20).toFixed(0)} MB more at most`,
  );
  expect(timeline).toMatchObject({ framesTotal: 7_200, durationMs: 7_200_000 });
  expect(losses[0]?.message).toMatch(/among its 240 key frames alone/);
  expect(most - before).toBeLessThan(200 * 2 ** 20);
});

it('frames are as large as the film', async () => {
  const { frames } = await once(await talk('size.mp4'), { maxFrames: 2 });
  expect(frames[0]).toMatchObject({ widthPx: FILM.width, heightPx: FILM.height });
});
