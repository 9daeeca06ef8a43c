import type { SensoriumError } from '#contract/error.ts';
import { type Peer, type RefusalKind, refusalError } from '../errors.ts';

/** A service of Baidu's said no: its number, and its words. Turned into an error of the stage before anybody else sees it. */
export class BaiduFailure extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Baidu's numbers: of its platform, of speaking (13–16, 5xx) and of hearing (33xx). Source: ai.baidu.com/ai-doc/SPEECH. */
const KINDS: Readonly<Record<number, RefusalKind>> = {
  4: 'rate-limited',
  6: 'key-refused',
  13: 'rate-limited',
  14: 'key-refused',
  15: 'rate-limited',
  16: 'quota-spent',
  17: 'quota-spent',
  18: 'rate-limited',
  19: 'quota-spent',
  100: 'key-refused',
  110: 'key-refused',
  111: 'key-refused',
  500: 'refused',
  501: 'refused',
  502: 'key-refused',
  503: 'upstream-failed',
  513: 'too-long',
  3300: 'refused',
  3301: 'refused',
  3302: 'key-refused',
  3303: 'upstream-failed',
  3304: 'rate-limited',
  3305: 'quota-spent',
  3307: 'upstream-failed',
  3308: 'too-long',
  3309: 'refused',
  3310: 'too-long',
  3311: 'refused',
  3312: 'refused',
  3313: 'upstream-failed',
  3314: 'refused',
  3315: 'upstream-failed',
  3316: 'refused',
};

/** The failure in an answer, which says so in its body and not by its status; `null` in a good one. */
export function failureIn(json: Readonly<Record<string, unknown>>): BaiduFailure | null {
  const code = Number(json.err_no ?? json.error_code ?? 0);
  if (code === 0) return null;
  const message = json.err_msg ?? json.error_msg;
  return new BaiduFailure(code, typeof message === 'string' ? message : '');
}

/** What a failure means. */
export function kindOfFailure({ code, message }: BaiduFailure): RefusalKind {
  // One number for keys and for accounts that have nothing left; the words tell which.
  if (code === 3302 && /quota|limit|balance/i.test(message)) return 'quota-spent';
  return KINDS[code] ?? 'upstream-failed';
}

/** Whether the service no longer takes the token, so that a new one may help. */
export function isOverToken({ code }: BaiduFailure): boolean {
  return code === 110 || code === 111 || code === 502;
}

/** The error a failure becomes. */
export function failureError(failure: BaiduFailure, peer: Peer): SensoriumError {
  const message = `${failure.message || 'no reason given'} (${failure.code})`;
  const classify = () => kindOfFailure(failure);
  return refusalError({ status: 200, message, marks: String(failure.code) }, { ...peer, classify });
}
