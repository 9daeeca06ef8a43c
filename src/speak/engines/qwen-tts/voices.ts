import type { VoiceRow } from '../remote/engine.ts';

/** Voices of qwen3-tts-flash (Model Studio, qwen-tts). The first four are in older models too; there are more, and cloned ones. */
export const QWEN_VOICES: readonly VoiceRow[] = [
  'Cherry',
  'Serena',
  'Ethan',
  'Chelsie',
  'Momo',
  'Vivian',
  'Moon',
  'Maia',
  'Kai',
  'Nofish',
].map((name) => ({ name, language: 'zh', gender: 'unknown' }));
