import { onBench } from '#runtime/bench.ts';
import { cutsIn } from '#runtime/video/choose.ts';
import { inputOf } from '#runtime/video/file.ts';
import { scoreFrames } from '#runtime/video/scenes.ts';
import { ffmpegFor } from '../tools.ts';
import { context, scenes } from './media.ts';

const LENGTHS = [1.4, 0.8, 2, 1.1, 0.6, 1.7, 0.9, 1.3];

/** How the same scenes are seen: as they are, and through what makes cuts hard to tell. */
const SEEN: Readonly<Record<string, string>> = {
  clean: 'null',
  noisy: 'noise=alls=40:allf=t',
  shaking: "crop=300:220:x='10+6*sin(n*1.7)':y='10+6*cos(n*2.3)'",
  dark: 'lutyuv=y=val*0.25+16',
  'shaking in the dark': "crop=300:220:x='10+6*sin(n*1.7)':y='10+6*cos(n*2.3)',lutyuv=y=val*0.25+16",
};

const RULES = {
  chosen: undefined,
  'fixed 0.3': { least: 0.3, timesMedian: 0 },
  'fixed 0.1': { least: 0.1, timesMedian: 0 },
} as const;

export type Counts = Record<keyof typeof RULES, { found: number; missed: number; wrong: number }>;

/** How many cuts of films with known cuts each rule finds, of generated patterns or of pictures. Prints each film. */
export async function countCuts(folder: string, what: string, pictures: readonly string[] = []): Promise<Counts> {
  const counts: Counts = {
    chosen: { found: 0, missed: 0, wrong: 0 },
    'fixed 0.3': { found: 0, missed: 0, wrong: 0 },
    'fixed 0.1': { found: 0, missed: 0, wrong: 0 },
  };
  let at = 0;
  const truth = LENGTHS.slice(0, -1).map((seconds) => {
    at += seconds;
    return Math.round(at * 10);
  });
  for (const [name, seenThrough] of Object.entries(SEEN)) {
    const part = await scenes(folder, `${name.replaceAll(' ', '-')}.mp4`, LENGTHS, seenThrough, pictures);
    const call = context();
    const program = await ffmpegFor(part, call);
    const scored = await onBench(part, call.signal, ({ source }) => {
      const file = { program, path: source, mimeType: part.media.mimeType };
      return scoreFrames(file, inputOf(file), call.signal);
    });
    await part.close();
    for (const rule of Object.keys(RULES) as (keyof Counts)[]) {
      const cuts = cutsIn(scored, RULES[rule]);
      const found = truth.filter((cut) => cuts.includes(cut)).length;
      counts[rule].found += found;
      counts[rule].missed += truth.length - found;
      counts[rule].wrong += cuts.length - found;
      console.log(`cuts in ${what}, ${name}, ${rule}: ${found} of ${truth.length} found, ${cuts.length - found} wrong`);
    }
  }
  console.log(`cuts in ${what}, all:`, JSON.stringify(counts));
  return counts;
}
