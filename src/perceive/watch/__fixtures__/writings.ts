import { onBench } from '#runtime/bench.ts';
import { findFfmpeg } from '#runtime/ffmpeg.ts';
import { lookAtVideo } from '#runtime/video/look.ts';
import { measure } from '../measure.ts';
import type { WritingRules } from '../writing.ts';
import { type Canvas, FILM, film } from './film.ts';

/** Noise that is the same in each run. */
const NOISE = Float32Array.from({ length: 65_536 }, (_, at) => {
  const state = Math.imul(at * 2 + 1, 668_265_263) ^ Math.imul(at + 7, 374_761_393);
  return ((state ^ (state >>> 13)) & 255) / 255;
});
const noise = (x: number, y: number, turn: number) => NOISE[(x + y * 251 + turn * 10_007) & 65_535] as number;

const every = (from: number, step: number) => Array.from({ length: Math.floor(19 / step) }, (_, at) => from + at * step);

/** Leaves in the wind: a texture that moves all the time. */
const moving = (canvas: Canvas, at: number) => {
  const across = Float32Array.from({ length: FILM.width }, (_, x) => 50 * Math.sin((x + at * 40) / 9));
  const down = Float32Array.from({ length: FILM.height }, (_, y) => Math.sin((y - at * 25) / 7));
  const turn = Math.floor(at * FILM.fps);
  canvas.fill((x, y) => 90 + (across[x] as number) * (down[y] as number) + 30 * noise(x, y, turn));
};

interface Written {
  readonly name: string;
  /** When new writing begins to be there, in seconds. */
  readonly truth: readonly number[];
  readonly draw: (canvas: Canvas, at: number) => void;
}

const lines = every(2, 3);
const subtitles = every(1, 2);
const typing = every(2, 4);

/** Films whose writing changes at known times; the last three have none. */
const FILMS: readonly Written[] = [
  {
    name: 'a slide that gets line after line',
    truth: lines,
    draw(canvas, at) {
      canvas.fill(245);
      canvas.write(40, 30, 'What was measured', 4, 20);
      lines.forEach((from, line) => at >= from && canvas.write(60, 90 + line * 36, `${line} point of it`, 2, 40));
    },
  },
  {
    name: 'two figures of a table that change',
    truth: lines,
    draw(canvas, at) {
      canvas.fill(250);
      for (let row = 0; row < 8; row++) canvas.write(80, 40 + row * 36, `Row ${row}  is  as it was`, 2, 30);
      const turn = lines.filter((from) => at >= from).length;
      canvas.write(480, 148, String(10 + turn * 17), 3, 30);
    },
  },
  {
    name: 'subtitles over leaves in the wind',
    truth: subtitles,
    draw(canvas, at) {
      moving(canvas, at);
      const now = subtitles.findLast((from) => at >= from && at < from + 1.4);
      if (now !== undefined) canvas.write(120, 310, `said at ${now} and so on`, 3, 255);
    },
  },
  {
    name: 'short subtitles one after the other',
    truth: every(1, 1),
    draw(canvas, at) {
      moving(canvas, at);
      if (at >= 1) canvas.write(120, 310, `line ${Math.floor(at) * 7} here`, 3, 255);
    },
  },
  {
    name: 'lines that fade in',
    truth: lines,
    draw(canvas, at) {
      canvas.fill(30);
      lines.forEach((from, line) => {
        const share = Math.min(1, Math.max(0, at - from) / 0.8);
        if (share > 0) canvas.write(60, 40 + line * 40, `it is ${line} now`, 3, 30 + 200 * share);
      });
    },
  },
  {
    name: 'lines that are typed',
    truth: typing.map((from) => from + 1.2),
    draw(canvas, at) {
      canvas.fill(240);
      typing.forEach((from, line) => {
        const typed = Math.round(Math.max(0, at - from) * 10);
        canvas.write(60, 60 + line * 50, 'typed by hand'.slice(0, typed), 3, 10);
      });
    },
  },
  { name: 'leaves in the wind', truth: [], draw: moving },
  {
    name: 'a head before a wall of books',
    truth: [],
    draw(canvas, at) {
      canvas.fill((x, y) => 60 + 120 * noise(Math.floor(x / 11), Math.floor(y / 60), 1));
      const sway = Math.round(12 * Math.sin(at * 2.1) + 20 * Math.sin(at * 0.4));
      canvas.rectangle(250 + sway, 120, 140, 240, (x, y) => 150 + 40 * Math.sin(x / 14) * Math.sin(y / 19 + at));
    },
  },
  {
    name: 'somebody walks through a still room',
    truth: [],
    draw(canvas, at) {
      canvas.fill((x, y) => 180 - (y >> 3) + ((x >> 6) % 2) * 30);
      // Walks, and stands for two seconds, and walks on.
      const way = Math.floor(at / 4) * 2 + Math.min(2, at % 4);
      canvas.rectangle(Math.round(way * 60), 100, 60, 220, (x, y) => 60 + 30 * noise(x >> 2, y >> 2, 3));
    },
  },
];

export interface WritingCount {
  readonly there: number;
  found: number;
  wrong: number;
}

/** How many changes of writing each set of thresholds finds in the films, and how many it makes up. Prints each film. */
export async function countWritings<Name extends string>(
  folder: string,
  seconds: number,
  rules: Readonly<Record<Name, WritingRules>>,
): Promise<Record<Name, WritingCount>> {
  const names = Object.keys(rules) as Name[];
  const within = (truth: readonly number[]) => truth.filter((from) => from < seconds - 1);
  const there = FILMS.reduce((sum, { truth }) => sum + within(truth).length, 0);
  const counts = Object.fromEntries(names.map((name) => [name, { there, found: 0, wrong: 0 }])) as Record<Name, WritingCount>;
  const signal = new AbortController().signal;
  for (const [index, { name: what, truth: all, draw }] of FILMS.entries()) {
    const truth = within(all);
    const part = await film(folder, `writing-${index}.mp4`, seconds, draw);
    await onBench(part, signal, async ({ folder: bench, source }) => {
      const file = { program: (await findFfmpeg()) ?? '', path: source, mimeType: part.media.mimeType };
      const look = await lookAtVideo(file, signal);
      for (const name of names) {
        const { looks } = await measure(file, look, bench, signal, rules[name]);
        const noticed = looks.filter(({ newWriting }) => newWriting > 0).map(({ atMs }) => atMs / 1_000);
        const found = truth.filter((from, at) => noticed.some((one) => one >= from - 0.05 && one < (truth[at + 1] ?? seconds))).length;
        const wrong = Math.max(0, noticed.length - found);
        counts[name].found += found;
        counts[name].wrong += wrong;
        console.log(`writing, ${what}, ${name}: ${found} of ${truth.length} found, ${wrong} more`);
      }
    });
    await part.close();
  }
  console.log('writing, all:', JSON.stringify(counts));
  return counts;
}
