import type { ConformanceServer } from '../server.ts';
import { HEARING_FAILURES, PLATFORM_FAILURES, SPEAKING_FAILURES } from './failures.ts';
import { hear } from './hear.ts';
import { speak } from './speak.ts';
import { BAIDU_TEST_KEY, BAIDU_TEST_SECRET, giveToken } from './token.ts';

const failures = (service: string, table: Readonly<Record<number, string>>) =>
  Object.fromEntries(Object.entries(table).map(([code, message]) => [`err-${code}`, `B2: ${service}: ${message}`]));

export const baiduConformance: ConformanceServer = {
  name: 'baidu',
  about: 'Baidu’s speech: tokens, short recordings heard, sentences spoken',
  cases: {
    ...failures('platform', PLATFORM_FAILURES),
    ...failures('speaking', SPEAKING_FAILURES),
    ...failures('hearing', HEARING_FAILURES),
    'quota-spent': 'B2: 3302 because nothing is left',
    'unknown-client': 'B1: the pair of keys is not known (401)',
    'short-lived': 'B1: a token that is good for a minute',
    'no-token': 'B1: an answer without a token',
    'expired-token': 'B5: the token is over (111 when hearing, 502 when speaking)',
    'scope-missing': 'B6: the token says that it is not good for speech',
    'scope-untold': 'B6: the token is not good for speech and does not say so',
    'not-json': 'B4: a web page instead of an answer',
    'mp3-anyway': 'B4: another sound than the one asked for',
    'half-sample': 'H9: the sound ends in the middle of a sample',
    'cut-sound': 'H10: the connection breaks in the middle of the sound',
  },
  configure: (origin) => ({
    providers: { baidu: { baseUrl: origin, apiKey: BAIDU_TEST_KEY, apiSecret: BAIDU_TEST_SECRET } },
  }),
  routes: {
    'POST /oauth/2.0/token': giveToken,
    'POST /server_api': hear,
    'POST /pro_api': hear,
    'POST /text2audio': speak,
  },
};
