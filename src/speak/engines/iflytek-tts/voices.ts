import type { VoiceRow } from '../remote/engine.ts';

/** What stands before a voice of the super-humanlike synthesis: `iflytek:oral/x4_lingxiaoxuan_oral`. */
export const ORAL = 'oral';

const chinese =
  (gender: VoiceRow['gender']) =>
  (name: string): VoiceRow => ({ name, language: 'zh', gender });
const [woman, man] = [chinese('female'), chinese('male')];

/**
 * The basic voices of an account, and some that iFlytek's SDK names; others are bought by name in its console and may be
 * used by that name. Sources: www.xfyun.cn/doc/tts/online_tts/API.html, iFLYTEK-OP/websdk-java doc/spark/oralapi.md and
 * oralchat.md, 2025-11-14.
 */
export const IFLYTEK_VOICES: readonly VoiceRow[] = [
  ...['xiaoyan', 'aisxping', 'aisjinger'].map(woman),
  ...['aisjiuxu'].map(man),
  ...['aisbabyxu'].map(chinese('unknown')),
  ...['x4_lingxiaoxuan_oral', 'x5_lingxiaoyue_flow'].map((name) => woman(`${ORAL}/${name}`)),
  ...['x4_lingfeizhe_oral', 'x5_lingfeiyi_flow'].map((name) => man(`${ORAL}/${name}`)),
];
