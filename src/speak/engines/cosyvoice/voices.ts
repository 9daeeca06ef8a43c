import type { VoiceRow } from '../remote/engine.ts';

/** The speakers that come with CosyVoice-300M-SFT, whose names are what the server knows them by. */
export const COSYVOICE_VOICES: readonly VoiceRow[] = [
  { name: '中文女', language: 'zh', gender: 'female' },
  { name: '中文男', language: 'zh', gender: 'male' },
  { name: '粤语女', language: 'yue', gender: 'female' },
  { name: '英文女', language: 'en', gender: 'female' },
  { name: '英文男', language: 'en', gender: 'male' },
  { name: '日语男', language: 'ja', gender: 'male' },
  { name: '韩语女', language: 'ko', gender: 'female' },
];
