import type { Voice } from '#contract/ports.ts';

// Kokoro-82M v1.0, VOICES.md at huggingface.co/hexgrad/Kokoro-82M: a = American, b = British, f = female, m = male.
const NAMES = {
  af: 'alloy aoede bella heart jessica kore nicole nova river sarah sky',
  am: 'adam echo eric fenrir liam michael onyx puck santa',
  bf: 'alice emma isabella lily',
  bm: 'daniel fable george lewis',
} as const;

/** The 28 English voices. The id is the name of the voice's file; the name is the id without its prefix. */
export const KOKORO_VOICES: readonly Voice[] = Object.entries(NAMES).flatMap(([prefix, names]) =>
  names.split(' ').map(
    (name): Voice => ({
      id: `${prefix}_${name}`,
      name,
      language: prefix.startsWith('a') ? 'en-US' : 'en-GB',
      gender: prefix.endsWith('f') ? 'female' : 'male',
      engine: 'kokoro',
    }),
  ),
);
