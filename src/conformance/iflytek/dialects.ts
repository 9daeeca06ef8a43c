import { dictation } from './dictation.ts';
import { demand } from './session.ts';
import { queryRefusalOf } from './signature.ts';

/** The numbers of the script below this one are what the engine thought on its way. */
const FIRST_FINAL = 4;

/** The large model for dialects (`research/providers.md` §4.6): sound in binary, `{"end":true}`, results in segments. */
export const DIALECTS = dictation({
  refusalOf: queryRefusalOf,
  failure: ({ code, message, sid }) => ({
    msg_type: 'action',
    data: { action: 'end', code: String(code), message, sid },
  }),
  read({ bytes, end, ...others }, isFirst) {
    demand(Object.keys(others).length === 0, 10163, 'a message that is neither sound nor the end');
    if (end === true) return { audio: '', status: 2 };
    demand(Buffer.isBuffer(bytes), 10163, 'sound must be binary');
    return { audio: bytes.toString('base64'), status: isFirst ? 0 : 1 };
  },
  corrects: () => true,
  answer({ sn, ws }, status, { server }) {
    const st = { bg: '0', ed: '0', type: sn < FIRST_FINAL ? '1' : '0', rt: [{ ws }] };
    const ls = status === 2 && !server.switchedOn.has('no-last-mark');
    return { msg_type: 'result', res_type: 'asr', data: { seg_id: sn, ls, cn: { st } } };
  },
});
