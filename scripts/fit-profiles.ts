// Fits the profiles that come with the product, from data that need not be here for anything else:
// `npm run fit:profiles -- [--data DIR] [--only NAME]`. DIR (../shared/data) has text/aishell1-asr-hypotheses.tsv and manifest.jsonl.
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadConfig } from '#config/index.ts';
import { heardProfile, recordedProfile, recordedUnits } from '#eval/index.ts';
import type { CalibrationProfile, ProfileUnit } from '#ledger/index.ts';
import { openSensorium } from '#pipeline/index.ts';
import { openDictionary } from '#words/index.ts';

const root = new URL('../', import.meta.url);
const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: fileURLToPath(new URL('../shared/data', root)) },
    only: { type: 'string' },
  },
});
const { data } = options;
const text = join(data, 'text');
const folder = fileURLToPath(new URL('src/ledger/accuracy/profiles/', root));
const signal = new AbortController().signal;
const sensorium = openSensorium(
  loadConfig({ 'hear.model': 'whisper-base', 'hear.tone': false, 'perceive.remember': 'nothing' }),
);
const dictionary = await openDictionary(await sensorium.models.ensure('chinese-words', { signal }));

/** Each file with what makes it; `null` where its data is not here: the file is then left as it is. */
const PROFILES: Readonly<Record<string, () => Promise<CalibrationProfile | null>>> = {
  'zh-two-readers.json': () => recordedProfile(text, dictionary, ['second-reader', 'dictionary'], 'zh-two-readers'),
  'zh-dictionary.json': () => recordedProfile(text, dictionary, ['dictionary'], 'zh-dictionary'),
  'en-whisper-base.json': () => whisperProfile('en', 'word', 'en-whisper-base'),
};

/** From people's recordings, heard now. */
async function whisperProfile(language: string, unit: ProfileUnit, id: string): Promise<CalibrationProfile | null> {
  if (!existsSync(join(data, 'manifest.jsonl'))) return null;
  const units = await recordedUnits({ folder: data, language, sensorium, dictionary: null, signal });
  const { profile, eceBefore } = heardProfile(units, unit, 'whisper-base', id);
  console.log(id, { eceBefore });
  return profile;
}

await mkdir(folder, { recursive: true });
for (const [file, make] of Object.entries(PROFILES)) {
  if (options.only !== undefined && !file.startsWith(options.only)) continue;
  const profile = await make();
  if (!profile) {
    console.log(`${file}: left as it is, its data is not here`);
    continue;
  }
  await writeFile(`${folder}${file}`, `${JSON.stringify(profile)}\n`);
  const { auroc, ap, recallAtP60, ece, items, errors, spread } = profile;
  console.log(file, { auroc, ap, recallAtP60, ece, items, errors, spread });
}
await sensorium.close();
