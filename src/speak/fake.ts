import type { SpeechEngine, Voice } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';

const RATE_HZ = 8_000;
const CHARACTER_MS = 40;

const VOICES: readonly Voice[] = [
  { id: 'fake_high', name: 'high', language: 'en-US', gender: 'unknown', engine: 'fake' },
  { id: 'fake_low', name: 'low', language: 'en-US', gender: 'unknown', engine: 'fake' },
];

/** The smallest correct speech engine: 40 ms of sine for each character, its pitch by the character. */
export function fakeEngine(): SpeechEngine {
  return {
    id: 'fake',
    sampleRateHz: RATE_HZ,
    voices: VOICES,
    async *speak({ text, voice, speed }, { signal }) {
      const base = voice === 'fake_low' ? 110 : 220;
      const length = Math.round((RATE_HZ * CHARACTER_MS) / 1000 / speed);
      for (const character of text) {
        await new Promise((resolve) => setImmediate(resolve));
        throwIfCancelled(signal);
        const hz = base * (1 + ((character.codePointAt(0) ?? 0) % 12) / 12);
        yield Float32Array.from({ length }, (_, i) => 0.3 * Math.sin((2 * Math.PI * hz * i) / RATE_HZ));
      }
    },
    warm: async () => {},
    close: async () => {},
  };
}
