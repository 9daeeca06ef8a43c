// Fits the profiles that come with the product, from data that need not be here for anything else: `npm run fit:profiles -- [DATA]`.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '#config/index.ts';
import { recordedProfile } from '#eval/index.ts';
import type { CalibrationProfile } from '#ledger/index.ts';
import { openSensorium } from '#pipeline/index.ts';
import { openDictionary } from '#words/index.ts';

const root = new URL('../', import.meta.url);
const data = process.argv[2] ?? fileURLToPath(new URL('../shared/data/text', root));
const folder = fileURLToPath(new URL('src/ledger/accuracy/profiles/', root));
const signal = new AbortController().signal;
const dictionary = await openDictionary(await openSensorium(loadConfig()).models.ensure('chinese-words', { signal }));

/** Each file with what makes it; `null` where its data is not here: the file is then left as it is. */
const PROFILES: Readonly<Record<string, () => Promise<CalibrationProfile | null>>> = {
  'zh-two-readers.json': () => recordedProfile(data, dictionary, ['second-reader', 'dictionary'], 'zh-two-readers'),
  'zh-dictionary.json': () => recordedProfile(data, dictionary, ['dictionary'], 'zh-dictionary'),
};

await mkdir(folder, { recursive: true });
for (const [file, make] of Object.entries(PROFILES)) {
  const profile = await make();
  if (!profile) {
    console.log(`${file}: left as it is, its data is not here`);
    continue;
  }
  await writeFile(`${folder}${file}`, `${JSON.stringify(profile)}\n`);
  const { auroc, ap, recallAtP60, ece, items, errors, spread } = profile;
  console.log(file, { auroc, ap, recallAtP60, ece, items, errors, spread });
}
