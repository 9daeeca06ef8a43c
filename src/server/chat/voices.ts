import { isSensoriumError } from '#contract/error.ts';
import { type Loss, lossOf } from '#contract/loss.ts';
import type { Voice } from '#contract/ports.ts';
import { resolveVoice } from '#pipeline/index.ts';

/** Stand-ins for voices of OpenAI’s that no engine here has, so that its clients’ settings go on working. */
const STAND_INS: Readonly<Record<string, string>> = {
  ash: 'michael',
  ballad: 'george',
  cedar: 'fenrir',
  coral: 'bella',
  marin: 'heart',
  sage: 'sarah',
  shimmer: 'aoede',
  verse: 'puck',
};

/**
 * The voice for a name, and the loss when another one stands in for it. `qwen:Cherry` is on a vendor's server, `model` and
 * `model:Cherry` are the language model's own; a short name is of this machine. Throws `speak.unknown-voice`.
 */
export function voiceFor(name: string, all: readonly Voice[]): { voice: string; loss: Loss | null } {
  if (isElsewhere(name) || name.trim() === 'model') return { voice: name.trim(), loss: null };
  const voices = all.filter(({ id }) => !isElsewhere(id));
  try {
    return { voice: resolveVoice(voices, name).id, loss: null };
  } catch (error) {
    const other = STAND_INS[name.trim().toLowerCase()];
    if (other === undefined || !isSensoriumError(error)) throw error;
    const voice = resolveVoice(voices, other).id;
    const message = `The voice ${name.trim().toLowerCase()} is not to be had here; ${other} speaks instead.`;
    return { voice, loss: lossOf({ kind: 'option-ignored', stage: 'speak', text: 'voice', message }) };
  }
}

/** Whether a voice or a model is named with the provider that has it. */
export function isElsewhere(id: string): boolean {
  return id.includes(':');
}
