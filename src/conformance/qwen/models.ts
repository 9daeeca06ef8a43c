/** What the vendor has under a name; `null` where it knows no such model. */
export type Family = 'vision' | 'omni' | 'asr' | 'tts' | 'audio' | 'text';

const FAMILIES: readonly (readonly [RegExp, Family])[] = [
  [/^qwen3-asr-(?:flash|plus)/, 'asr'],
  [/^qwen3?-tts/, 'tts'],
  [/-omni-(?!.*realtime)/, 'omni'],
  [/^qwen-audio-turbo|^qwen2-audio-instruct/, 'audio'],
  [/-vl-|^qvq-|^qwen3\.[5-9]-plus/, 'vision'],
  [/^qwen-(?:turbo|plus|max|flash)|^qwen3-max/, 'text'],
];

/** The family of a model by its name. */
export function familyOf(model: unknown): Family | null {
  return typeof model === 'string' ? (FAMILIES.find(([names]) => names.test(model))?.[1] ?? null) : null;
}

const TURBO_VOICES = 'Cherry Serena Ethan Chelsie';
const VOICES: readonly (readonly [RegExp, string])[] = [
  [/^qwen3\.\d+-omni/, 'Tina Cherry Ethan'],
  [
    /^qwen3-omni/,
    'Cherry Ethan Nofish Jennifer Ryan Katerina Elias Jada Dylan Sunny Li Marcus Roy Peter Rocky Kiki Eric',
  ],
  [/^qwen2\.5-omni/, 'Ethan Chelsie'],
  [/^qwen-omni-turbo/, TURBO_VOICES],
  [/^qwen3-tts/, `${TURBO_VOICES} Momo Vivian Moon Maia Kai Nofish`],
  [/^qwen-tts/, TURBO_VOICES],
];

/** Whether a model has this voice. */
export function hasVoice(model: string, voice: unknown): boolean {
  const names = VOICES.find(([pattern]) => pattern.test(model))?.[1] ?? '';
  return typeof voice === 'string' && names.split(' ').includes(voice);
}

/** Older models put the words of a spoken answer beside its sound. */
export function isOlderOmni(model: string): boolean {
  return /^(?:qwen-omni-turbo|qwen2\.5-omni)/.test(model);
}

/** Models that take words and one other kind of media in a message. */
export function takesOneKind(model: string): boolean {
  return isOlderOmni(model) || /^qwen3-omni/.test(model);
}
