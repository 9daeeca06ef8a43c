import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '#config/index.ts';
import { openSensorium } from '#pipeline/index.ts';
import { QUESTIONS } from './__fixtures__/questions.ts';

const data = new URL('../../../../shared/data/', import.meta.url).pathname;
const project = new URL('../../../', import.meta.url).pathname;
const signal = new AbortController().signal;
const home = mkdtempSync(join(tmpdir(), 'sensorium-retrieval-'));
symlinkSync(join(loadConfig().home, 'models'), join(home, 'models'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const pathOf = (name: string) => join(/^docs\b/.test(name) ? project : data, name);
const listed = (folder: string, wanted: RegExp) =>
  readdirSync(pathOf(folder))
    .filter((name) => wanted.test(name))
    .map((name) => `${folder}/${name}`);

/** Everything there is in the shared data that can be heard, seen or watched, and the guides of this project that are asked about. */
function allFiles(): string[] {
  const media = ['audio', 'image', 'video'].flatMap((folder) => listed(folder, /\.(wav|mp3|flac|png|jpg|mpg)$/));
  const guides = QUESTIONS.flatMap(({ answers }) => answers.filter((name) => /^docs\b/.test(name)));
  return [...media, ...new Set(guides)];
}

/** Which share of the questions have an answer among the first k files, by kind and language. */
async function recallWith(embedder: string) {
  const loaded = loadConfig(
    { 'embed.model': embedder, 'perceive.remember': 'disk', 'store.folder': join(home, 'store') },
    { ...process.env, SENSORIUM_HOME: home },
  );
  const sensorium = openSensorium(loaded);
  const { shelf } = sensorium;
  const tally = new Map<string, { asked: number; at1: number; at3: number; at10: number }>();
  const missed: string[] = [];
  try {
    const store = await shelf.create('anyone', { name: embedder });
    const losses: string[] = [];
    for (const name of allFiles()) {
      const { shelved } = await shelf.add(
        'anyone',
        store.id,
        { kind: 'path', path: pathOf(name) },
        {},
        () => {},
        signal,
      );
      for (const { kind, stage } of shelved.losses) if (stage === 'embed') losses.push(`${kind} ${basename(name)}`);
    }
    for (const { kind, language, asks, answers } of QUESTIONS) {
      const wish = { tenant: 'anyone', stores: [store.id], queries: [asks], limit: 50 };
      const files = [...new Set((await shelf.search(wish, signal)).items.map(({ filename }) => filename))];
      const wanted = answers.map((answer) => basename(answer));
      const rank = files.findIndex((name) => wanted.includes(name));
      for (const key of [`${kind} ${language}`, `all ${language}`]) {
        const one = tally.get(key) ?? { asked: 0, at1: 0, at3: 0, at10: 0 };
        const within = (k: number) => Number(rank >= 0 && rank < k);
        tally.set(key, {
          ...{ asked: one.asked + 1, at1: one.at1 + within(1), at3: one.at3 + within(3), at10: one.at10 + within(10) },
        });
      }
      if (rank !== 0) missed.push(`${rank + 1}: ${asks}`);
    }
    console.log(
      `${embedder}\n${[...tally].map(([key, { asked, at1, at3, at10 }]) => `  ${key}: ${at1} / ${at3} / ${at10} of ${asked}`).join('\n')}`,
    );
    console.log(`  not first: ${missed.join('; ')}\n  losses of placing: ${losses.join('; ')}`);
  } finally {
    await sensorium.close();
  }
  return (key: string) => {
    const { asked, at3 } = tally.get(key) ?? { asked: 0, at3: 0 };
    return at3 / asked;
  };
}

if (!existsSync(data)) console.log('retrieval: skipped, the shared data are not here');
describe.skipIf(!existsSync(data))('real recordings, pictures and texts found again by other words than theirs', () => {
  it('English with an English embedder; Chinese it hardly finds, and says so', async () => {
    const recall = await recallWith('all-minilm-l6-v2');
    expect(recall('recording en')).toBeGreaterThan(0.7);
    expect(recall('text en')).toBeGreaterThan(0.6);
    expect(recall('all zh')).toBeLessThan(recall('all en'));
  }, 1_200_000);

  it('Chinese and English with a multilingual one', async () => {
    const recall = await recallWith('multilingual-e5-small');
    expect(recall('recording zh')).toBeGreaterThan(0.7);
    expect(recall('recording en')).toBeGreaterThan(0.6);
  }, 1_200_000);
});
