import type { VoiceRow } from '../remote/engine.ts';

/** Zhipu’s own voices (OpenAPI description of 2026-07-11). It does not say whose sex they are. */
export const GLM_VOICES: readonly VoiceRow[] = [
  'tongtong',
  'chuichui',
  'xiaochen',
  'jam',
  'kazi',
  'douji',
  'luodo',
].map((name) => ({ name, language: 'zh', gender: 'unknown' }));
