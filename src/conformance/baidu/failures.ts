import { json, type Reply } from '../reply.ts';

/** What hearing (`/server_api`) says no with, under HTTP 200. */
export const HEARING_FAILURES: Readonly<Record<number, string>> = {
  3300: 'parameter error.',
  3301: 'speech quality error.',
  3302: 'authentication failed.',
  3303: 'backend busy.',
  3304: 'request pv too much.',
  3305: 'request limit exceeded for today.',
  3307: 'recognition error.',
  3308: 'audio too long.',
  3309: 'audio data error.',
  3310: 'audio file too large.',
  3311: 'rate is not supported.',
  3312: 'format is not supported.',
  3313: 'backend timeout.',
  3314: 'audio too short.',
  3315: 'backend handling timeout.',
  3316: 'audio transcode failed.',
};

/** What speaking (`/text2audio`) says no with. */
export const SPEAKING_FAILURES: Readonly<Record<number, string>> = {
  13: 'qps limit reached',
  15: 'concurrency limit reached',
  16: 'characters limit reached',
  500: 'unsupported input',
  501: 'parameter invalid',
  502: 'token verification failed',
  503: 'synthesis backend error',
  513: 'text is too long',
};

/** What the platform before both says no with. */
export const PLATFORM_FAILURES: Readonly<Record<number, string>> = {
  4: 'Open api request limit reached',
  6: 'No permission to access data',
  14: 'IAM Certification failed',
  17: 'Open api daily request limit reached',
  18: 'Open api qps request limit reached',
  19: 'Open api total request limit reached',
  100: 'Invalid parameter',
  110: 'Access token invalid or no longer valid',
  111: 'Access token expired',
};

/** A failure in the form of hearing. */
export function hearingFailure(code: number, message = HEARING_FAILURES[code] ?? ''): Reply {
  return json({ err_no: code, err_msg: message, sn: 'madeup0001', corpus_no: '0' });
}

/** A failure in the form of speaking. */
export function speakingFailure(code: number): Reply {
  return json({ err_no: code, err_msg: SPEAKING_FAILURES[code] ?? '', sn: 'madeup0001', idx: 1, err_subcode: 0 });
}

/** A failure in the form of the platform. */
export function platformFailure(code: number): Reply {
  return json({ error_code: code, error_msg: PLATFORM_FAILURES[code] ?? '' });
}

/** The number in the name of a case: `err-3304`. */
export function codeOf(play: string): number | null {
  const code = /^err-(\d+)$/.exec(play)?.[1];
  return code === undefined ? null : Number(code);
}
