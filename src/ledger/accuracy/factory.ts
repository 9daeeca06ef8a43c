import { readdirSync, readFileSync } from 'node:fs';
import { type CalibrationProfile, profileFrom } from './profile.ts';

let known: readonly CalibrationProfile[] | undefined;

/**
 * The profiles that come with the product (`npm run fit:profiles` makes them), read once: those made for one engine first, then those
 * with more signals.
 */
export function factoryProfiles(): readonly CalibrationProfile[] {
  known ??= readAll(new URL('./profiles/', import.meta.url)).sort(
    (a, b) => Number(b.engine !== null) - Number(a.engine !== null) || b.signals.length - a.signals.length,
  );
  return known;
}

function readAll(folder: URL): CalibrationProfile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => profileFrom(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))));
}
