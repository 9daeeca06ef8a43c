import type { BaiduService } from '#upstream/baidu/address.ts';

/** A way to be heard by Baidu: which service, which of its models (`dev_pid`), and what a token must be good for. */
export interface AsrModel {
  readonly service: Extract<BaiduService, 'hear' | 'hear-pro'>;
  readonly languages: readonly string[] | 'any';
  readonly scopes: readonly string[];
  devPid(language: string | undefined): number;
}

/** Numbers of Baidu's models by language; Mandarin is the one where nobody says which. */
const BY_LANGUAGE: Readonly<Record<string, number>> = { zh: 1537, en: 1737, yue: 1637 };
const MANDARIN = 1537;
/** The Sichuan dialect is Chinese to everybody else, so it is chosen by its number. */
const LANGUAGE_OF: Readonly<Record<number, string>> = { 1537: 'zh', 1737: 'en', 1637: 'yue', 1837: 'zh', 80001: 'zh' };
const PRO = 80_001;

/** The model of a name: `asr` takes the language's own, `asr-pro` the quick Mandarin one, a number is that `dev_pid`. */
export function modelFor(name: string): AsrModel {
  const devPid = name === 'asr-pro' ? PRO : /^\d+$/.test(name) ? Number(name) : null;
  if (devPid === null) {
    return {
      service: 'hear',
      languages: Object.keys(BY_LANGUAGE),
      scopes: ['audio_voice_assistant_get'],
      devPid: (language) => BY_LANGUAGE[language ?? ''] ?? MANDARIN,
    };
  }
  const language = LANGUAGE_OF[devPid];
  return {
    service: devPid === PRO ? 'hear-pro' : 'hear',
    languages: language === undefined ? 'any' : [language],
    scopes: [devPid === PRO ? 'brain_enhanced_asr' : 'audio_voice_assistant_get'],
    devPid: () => devPid,
  };
}
