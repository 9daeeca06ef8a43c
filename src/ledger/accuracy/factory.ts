import { readdirSync, readFileSync } from 'node:fs';
import { type CalibrationProfile, profileFrom } from './profile.ts';

let known: readonly CalibrationProfile[] | undefined;

/** The profiles that come with the product (`npm run fit:profiles` makes them), those with more signals first. Read once. */
export function factoryProfiles(): readonly CalibrationProfile[] {
  known ??= readAll(new URL('./profiles/', import.meta.url)).sort((a, b) => b.signals.length - a.signals.length);
  return known;
}

function readAll(folder: URL): CalibrationProfile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => profileFrom(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))));
}
