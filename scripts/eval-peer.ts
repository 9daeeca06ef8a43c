import { join } from 'node:path';
import { type Evaluation, scoreText, together, unitFor } from '#eval/index.ts';
import { median } from '#kit/median.ts';
import type { Sensorium } from '#pipeline/index.ts';
import { bootstrapPaired, type Compared, type Edits } from '#score/index.ts';
import { startPeer } from '../bench/peers/peer.ts';
import { setUpPeers } from '../bench/peers/setup.ts';

export interface PeerOptions {
  readonly folder: string;
  readonly beam: number;
  readonly runs: number;
  readonly signal: AbortSignal;
}

/** One language heard by both. Rates are of content, seconds medians of the runs over all its files. */
interface Beside {
  readonly lang: string;
  readonly files: number;
  readonly ours: { readonly rate: number; readonly seconds: number };
  readonly peer: { readonly rate: number; readonly seconds: number };
  /** Their rate, ours and the difference, drawn anew by whole files. */
  readonly rates: Compared;
}

export interface PeerOutcome {
  readonly name: string;
  readonly runs: number;
  readonly languages: readonly Beside[];
}

const THREADS = 2;
const WEIGHTS = 'whisper-base-ctranslate2';

/**
 * Has faster-whisper hear the scored recordings too, with the same weights, in turn with ours: every run hears each file once on
 * either side, after one that does not count.
 */
export async function besidePeer(
  { rows }: Evaluation,
  sensorium: Sensorium,
  { folder, beam, runs, signal }: PeerOptions,
  log: (line: string) => void,
): Promise<PeerOutcome> {
  const python = await setUpPeers('xllamacpp', log, signal);
  const whisper = await sensorium.models.ensure(WEIGHTS, { signal });
  const unloaded = { threads: THREADS };
  const peer = startPeer(python, { hear: { ...unloaded, whisper }, ask: unloaded, speak: unloaded }, signal);
  const scored = rows.filter(({ outcome, modality }) => outcome === 'scored' && modality === 'audio');
  const ours = new Map<string, number[]>();
  const theirs = new Map<string, number[]>();
  const said = new Map<string, string>();
  try {
    await peer.ready('hear');
    for (let round = -1; round < runs; round += 1) {
      log(round < 0 ? 'warming up both sides' : `run ${round + 1} of ${runs}`);
      for (const { file, lang } of scored) {
        const path = join(folder, file);
        const started = performance.now();
        for await (const _ of sensorium.perceive({ media: { kind: 'path', path }, sense: 'hear' }, signal));
        const seconds = (performance.now() - started) / 1000;
        const heard = await peer.hear(path, null, beam);
        said.set(file, heard.text);
        if (round < 0) continue;
        add(ours, `${lang} ${round}`, seconds);
        add(theirs, `${lang} ${round}`, heard.decodeSeconds + heard.seconds);
      }
    }
  } finally {
    await peer.close();
  }
  const languages = [...new Set(scored.map(({ lang }) => lang ?? '–'))].sort();
  const total = (times: Map<string, number[]>, lang: string) =>
    median(
      Array.from({ length: runs }, (_, round) =>
        (times.get(`${lang} ${round}`) ?? []).reduce((sum, one) => sum + one, 0),
      ),
      Number.NaN,
    );
  return {
    name: `faster-whisper int8, beam ${beam}`,
    runs,
    languages: await Promise.all(
      languages.map(async (lang) => {
        const own = scored.filter((row) => (row.lang ?? '–') === lang);
        const scores = await Promise.all(
          own.map(({ lang, references, file }) =>
            scoreText(references, said.get(file) ?? '', unitFor(lang), 'content', { language: lang }),
          ),
        );
        const pairs = own.flatMap(({ content }, at) => {
          const theirs = scores[at];
          return content && theirs ? [{ ours: content, theirs }] : [];
        });
        const rateOf = (side: 'ours' | 'theirs') => (drawn: readonly Record<typeof side, Edits>[]) =>
          together(drawn.map((pair) => pair[side])).rate;
        return {
          ...{ lang, files: own.length },
          rates: bootstrapPaired(pairs, rateOf('theirs'), rateOf('ours')),
          ours: { rate: together(own.flatMap(({ content }) => content ?? [])).rate, seconds: total(ours, lang) },
          peer: { rate: together(scores).rate, seconds: total(theirs, lang) },
        };
      }),
    ),
  };
}

/** The comparison as text: error rates, their difference in points, and the ratio of the times. */
export function formatBeside({ name, runs, languages }: PeerOutcome): string {
  const percent = (rate: number) => `${(rate * 100).toFixed(1)} %`;
  const points = (rate: number) => (rate * 100).toFixed(1);
  const between = ({ difference: { low, high } }: Compared) =>
    low === null || high === null ? '' : ` (${points(low)} to ${points(high)} in 95 of 100 draws of the files)`;
  const lines = languages.map(
    ({ lang, files, ours, peer, rates }) =>
      `${lang} (${files} files): ours ${percent(ours.rate)}, ${name} ${percent(peer.rate)}: ` +
      `${points(ours.rate - peer.rate)} points${between(rates)}; time ${(ours.seconds / peer.seconds).toFixed(2)}× ` +
      `(${ours.seconds.toFixed(2)} s, ${peer.seconds.toFixed(2)} s; median of ${runs} runs, file to words)`,
  );
  return `\n${lines.join('\n')}\n`;
}

function add(times: Map<string, number[]>, key: string, seconds: number): void {
  times.set(key, [...(times.get(key) ?? []), seconds]);
}
