import type { VoiceRow } from '../remote/engine.ts';

/** Baidu's voices by their number (`per`). All of them speak Chinese with English in it. Source: ai.baidu.com/ai-doc/SPEECH. */
export const BAIDU_VOICES: readonly VoiceRow[] = (
  [
    ['0', 'female'],
    ['1', 'male'],
    ['3', 'male'],
    ['4', 'unknown'],
    ['5', 'female'],
    ['103', 'unknown'],
    ['106', 'male'],
    ['110', 'unknown'],
    ['111', 'female'],
    ['5003', 'male'],
    ['5118', 'female'],
  ] as const
).map(([name, gender]) => ({ name, gender, language: 'zh' }));
