import type { ConformanceServer } from '../server.ts';
import { CHAT_CASES, chat } from './chat.ts';
import { REFUSED_CASES } from './errors.ts';
import { GLM_TEST_KEY } from './key.ts';
import { LISTEN_CASES, listen } from './listen.ts';
import { listVoices, TALK_CASES, talk } from './talk.ts';

const BASE = '/api/paas/v4';

export const glmConformance: ConformanceServer = {
  name: 'glm',
  about: 'Zhipu’s chat with pictures and sound, GLM-4-Voice, GLM-ASR and GLM-TTS',
  cases: { ...CHAT_CASES, ...LISTEN_CASES, ...TALK_CASES, ...REFUSED_CASES },
  configure: (origin) => ({ providers: { glm: { baseUrl: `${origin}${BASE}`, apiKey: GLM_TEST_KEY } } }),
  routes: {
    [`POST ${BASE}/chat/completions`]: chat,
    [`POST ${BASE}/audio/transcriptions`]: listen,
    [`POST ${BASE}/audio/speech`]: talk,
    [`GET ${BASE}/voice/list`]: listVoices,
  },
  switches: {
    'data-urls': 'pictures may come as data URLs too',
    'videos-by-address': 'videos may only be addresses, as files are',
    'parts-1210': 'a key too many in a part gets the code 1210 and not 1214',
    'sound-at-44100': 'GLM-4-Voice speaks at 44.1 kHz and not at 24',
    'sound-without-header': 'GLM-4-Voice sends samples without the header of a WAV',
    'transcripts-whole': 'GLM-ASR answers in one piece though a stream was asked for',
    'speech-whole': 'GLM-TTS answers in one piece though a stream was asked for',
  },
};
