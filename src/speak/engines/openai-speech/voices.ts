import type { VoiceRow } from '../remote/engine.ts';

/** OpenAI’s voices; they speak whatever language the text is in (API description 2.3.0, 2026-08-21). */
export const OPENAI_VOICES: readonly VoiceRow[] = [
  'alloy',
  'ash',
  'ballad',
  'coral',
  'echo',
  'fable',
  'nova',
  'onyx',
  'sage',
  'shimmer',
  'verse',
  'marin',
  'cedar',
].map((name) => ({ name, language: 'und', gender: 'unknown' }));
