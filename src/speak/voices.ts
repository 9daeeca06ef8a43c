import { SensoriumError } from '#contract/error.ts';
import type { Voice } from '#contract/ports.ts';

/** Finds a voice by its id (`af_heart`) or its short name (`heart`), whatever the case. Throws `speak.unknown-voice`. */
export function resolveVoice(voices: readonly Voice[], wanted: string): Voice {
  const name = wanted.trim().toLowerCase();
  const byId = voices.find((voice) => voice.id.toLowerCase() === name);
  const byName = voices.filter((voice) => voice.name.toLowerCase() === name);
  const [first] = byName;
  if (byId) return byId;
  if (first && byName.length === 1) return first;
  const ids = byName.map((voice) => voice.id);
  if (ids.length > 1) {
    throw new SensoriumError('speak.unknown-voice', `Several voices are called "${wanted}".`, {
      hint: `Say which one: ${ids.join(', ')}.`,
      details: { voice: wanted, candidates: ids },
    });
  }
  const nearest = nearestNames(voices, name);
  throw new SensoriumError('speak.unknown-voice', `There is no voice called "${wanted}".`, {
    hint: `${nearest.length > 0 ? `Did you mean ${nearest.join(' or ')}? ` : ''}\`sensorium voices list\` shows all.`,
    details: { voice: wanted, candidates: nearest },
  });
}

// Names one or two slips of the finger away, the nearest first.
function nearestNames(voices: readonly Voice[], name: string): string[] {
  const scored = voices.map((voice) => ({
    name: voice.name,
    distance: Math.min(editDistance(voice.name.toLowerCase(), name), editDistance(voice.id.toLowerCase(), name)),
  }));
  const limit = Math.max(1, Math.min(2, Math.floor(name.length / 2)));
  return scored
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 2)
    .map((near) => near.name);
}

// Levenshtein: insertions, deletions and replacements that turn one word into the other.
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next[j] = Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
