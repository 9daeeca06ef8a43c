import { SensoriumError } from '#contract/error.ts';
import type { Voice } from '#contract/ports.ts';
import { nearestName } from '#kit/nearest-name.ts';

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
  const nearest = nearestName(name, [...voices.map((voice) => voice.name), ...voices.map((voice) => voice.id)]);
  throw new SensoriumError('speak.unknown-voice', `There is no voice called "${wanted}".`, {
    hint: `${nearest ? `Did you mean ${nearest}? ` : ''}\`sensorium voices list\` shows all.`,
    details: { voice: wanted },
  });
}
