import { json, type Reply } from '../reply.ts';
import { check, type Request, type Running } from '../server.ts';
import { codeOf, HEARING_FAILURES, hearingFailure, PLATFORM_FAILURES, platformFailure } from './failures.ts';
import { checkOpening } from './token.ts';

const RATE_HZ = 16_000;
const PRO_PID = 80_001;
const PIDS = [1537, 1737, 1637, 1837, PRO_PID];
const FIELDS = ['format', 'rate', 'channel', 'cuid', 'token', 'dev_pid', 'speech', 'len'];

/** `POST /server_api` and `/pro_api`, JSON form: hears up to a minute, and says how long what came was. */
export function hear(request: Request, server: Running): Reply {
  check(request.headers['content-type'] === 'application/json', 'content-type', hearingFailure(3300));
  const body = request.json();
  for (const field of Object.keys(body)) check(FIELDS.includes(field), field, hearingFailure(3300));
  const { format, rate, channel, cuid, token, dev_pid, speech, len } = body;
  const isPro = request.path === '/pro_api';
  const trouble = checkOpening(request, token, isPro ? 'brain_enhanced_asr' : 'audio_voice_assistant_get', server);
  if (trouble === 'expired') return platformFailure(111);
  check(trouble !== 'token', 'token', platformFailure(110));
  // Not a slip of the client's: nobody has told it what the token is good for.
  if (trouble === 'scope') return hearingFailure(3302);

  check(typeof cuid === 'string' && cuid !== '' && cuid.length <= 60, 'cuid', hearingFailure(3300));
  check(['pcm', 'wav', 'amr', 'm4a'].includes(String(format)), 'format', hearingFailure(3312));
  check(rate === RATE_HZ, 'rate', hearingFailure(3311));
  check(channel === 1, 'channel', hearingFailure(3300));
  const pid = dev_pid ?? 1537;
  check(PIDS.includes(Number(pid)) && (Number(pid) === PRO_PID) === isPro, 'dev_pid', hearingFailure(3300));
  check(typeof speech === 'string' && typeof len === 'number', 'speech and len', hearingFailure(3300));
  const bytes = Buffer.from(speech, 'base64');
  check(bytes.toString('base64') === speech, 'speech is not standard base64', hearingFailure(3300));
  check(bytes.length === len, `len is ${len}, and there are ${bytes.length} bytes`, hearingFailure(3300));

  const code = codeOf(request.play);
  if (code !== null && code in HEARING_FAILURES) return hearingFailure(code);
  if (code !== null && code in PLATFORM_FAILURES) return platformFailure(code);
  if (request.play === 'quota-spent') return hearingFailure(3302, 'quota exceeded.');
  if (request.play === 'not-json') return { headers: { 'content-type': 'text/html' }, pieces: ['<html></html>'] };

  const pcm = samplesOf(bytes, String(format));
  const seconds = pcm.length / RATE_HZ;
  check(seconds > 0.2, `${seconds} s of sound`, hearingFailure(3314));
  check(seconds <= 60, `${seconds} s of sound`, hearingFailure(3308));
  check(
    pcm.some((sample) => sample !== 0),
    'silence from end to end',
    hearingFailure(3301),
  );
  const text =
    pid === 1737 ? `this recording lasts ${seconds.toFixed(1)} seconds` : `这段录音有${seconds.toFixed(1)}秒。`;
  return json({ err_no: 0, err_msg: 'success.', corpus_no: '7000000000000000000', sn: 'madeup0001', result: [text] });
}

function samplesOf(bytes: Buffer, format: string): Int16Array {
  let data = bytes;
  if (format === 'wav') {
    check(bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.readUInt32LE(24) === RATE_HZ, 'WAV', hearingFailure(3309));
    data = bytes.subarray(44);
  } else check(format === 'pcm', 'a format that is not decoded here', hearingFailure(3316));
  check(data.length % 2 === 0, 'half a sample', hearingFailure(3309));
  return Int16Array.from({ length: data.length / 2 }, (_, at) => data.readInt16LE(2 * at));
}
