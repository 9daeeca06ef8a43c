import { type Result, scriptFor } from './script.ts';
import {
  bytesIn,
  type Code,
  demand,
  type Frame,
  field,
  next,
  PLAIN,
  type Service,
  type Session,
  WITH_HEADER,
} from './session.ts';
import { IFLYTEK_TEST_KEYS } from './signature.ts';

const BYTES_PER_MS = 32;
const MOST_RAW_BYTES = 19_200;
const MOST_BASE64_CHARS = 26_000;
const LONGEST_MS = 60_000;
/** Less than this is no speech. */
const LEAST_MS = 200;
/** How much is heard before the first words come back, and before the case `ended-early` stops listening. */
const FIRST_WORDS_MS = 640;

/** What each kind of dictation does in its own way. */
interface Kind extends Pick<Service, 'failure' | 'refusalOf'> {
  /** Checks a frame and gives its sound and status. */
  read(frame: Frame, isFirst: boolean): { readonly audio: unknown; readonly status: unknown };
  corrects(first: Frame): boolean;
  answer(result: Result, status: 0 | 1 | 2, session: Session): object;
}

/** A dictation that hears as all do and talks in its own way. */
export function dictation(kind: Kind): Service {
  return { ...kind, serve: (session) => listen(kind, session) };
}

async function listen(kind: Kind, session: Session): Promise<void> {
  const { play } = session;
  if (play === 'silence') return;
  if (play === 'idle') await hearOut(session);
  let [sizeBytes, loudest] = [0, 0];
  let results: readonly Result[] | null = null;
  let first: Frame | null = null;
  for (let frame = await next(session); frame !== null; frame = await next(session)) {
    const isFirst = first === null;
    first ??= frame;
    const { audio, status } = kind.read(frame, isFirst);
    demand(
      status === 2 || status === (isFirst ? 0 : 1),
      10163,
      `status ${status} of a ${isFirst ? 'first' : 'later'} frame`,
    );
    demand(String(audio).length <= MOST_BASE64_CHARS, 10163, 'more than 26000 characters of sound in a frame');
    const sound = bytesIn(audio, 'audio');
    demand(sound.length <= MOST_RAW_BYTES, 10163, 'more than 19200 bytes of sound in a frame');
    demand(sound.length % 2 === 0, 10163, 'half a sample');
    for (let at = 0; at < sound.length; at += 2) loudest = Math.max(loudest, Math.abs(sound.readInt16LE(at)));
    sizeBytes += sound.length;
    const durationMs = sizeBytes / BYTES_PER_MS;
    if (durationMs > LONGEST_MS) session.fail(10114);
    if (durationMs >= FIRST_WORDS_MS && results === null) {
      interrupt(session);
      results = scriptFor(0, kind.corrects(first));
      if (results[0]) session.send(kind.answer(results[0], 0, session));
    }
    const stops = play === 'ended-early' && results !== null;
    if (!stops && status !== 2) continue;
    demand(durationMs > LEAST_MS, 10163, `only ${durationMs} ms of sound`);
    demand(loudest > 0, 10163, 'nothing but silence');
    tell(kind, session, scriptFor(durationMs, kind.corrects(first)).slice(1));
    return;
  }
}

/** The cases that end the session once the first sound is there. */
function interrupt({ play, fail, breakOff }: Session): void {
  const [what, code] = play.split(':');
  if (what === 'code') fail(Number(code) as Code);
  if (play === 'cut-off') breakOff();
}

/** Hears to the end without a word, until the client has been still for too long. */
async function hearOut(session: Session): Promise<void> {
  while ((await next(session)) !== null);
}

function tell(kind: Kind, session: Session, results: readonly Result[]): void {
  for (const [at, result] of results.entries()) {
    const isLast = at === results.length - 1;
    if (isLast && session.play === 'cut-off-late') session.breakOff();
    session.send(kind.answer(result, isLast ? 2 : 1, session));
  }
}

const SID = 'iat000e4a1c@made5up';

/** Dictation, version 2 (`research/providers.md` §4.4). */
export const IAT: Service = dictation({
  ...PLAIN,
  read(frame, isFirst) {
    const data = field(frame, 'data');
    if (isFirst) {
      demand(field(frame, 'common').app_id === IFLYTEK_TEST_KEYS.appId, 10313, 'app_id');
      const { domain, language, accent, vad_eos } = field(frame, 'business');
      demand(domain === 'iat', 10139, 'business.domain');
      demand(language === 'zh_cn' || language === 'en_us', 10139, `business.language ${language}`);
      demand(accent === 'mandarin', 10139, 'business.accent');
      demand(vad_eos === undefined || Number.isInteger(vad_eos), 10139, 'business.vad_eos');
    } else
      demand(frame.common === undefined && frame.business === undefined, 10163, 'common or business in a later frame');
    if (data.status !== 2) {
      demand(data.format === 'audio/L16;rate=16000', 10139, 'data.format');
      demand(data.encoding === 'raw', 10139, 'data.encoding');
    }
    return { audio: data.audio, status: data.status };
  },
  corrects: (first) => field(first, 'business').dwa === 'wpgs',
  answer: (result, status) => ({ code: 0, message: 'success', sid: SID, data: { status, result } }),
});

/** The large model's dictation (§4.5): each result is JSON in base64. */
export const IAT_SLM: Service = dictation({
  ...WITH_HEADER,
  read(frame, isFirst) {
    const { app_id, status } = field(frame, 'header');
    demand(app_id === IFLYTEK_TEST_KEYS.appId, 10313, 'header.app_id');
    if (isFirst) checkSlm(field(field(frame, 'parameter'), 'iat'));
    else demand(frame.parameter === undefined, 10163, 'parameter in a later frame');
    const audio = field(field(frame, 'payload'), 'audio');
    demand(audio.encoding === 'raw' && audio.sample_rate === 16_000, 10139, 'payload.audio encoding, sample_rate');
    demand(audio.channels === 1 && audio.bit_depth === 16, 10139, 'payload.audio channels, bit_depth');
    demand(Number.isInteger(audio.seq) && audio.status === status, 10163, 'payload.audio seq, status');
    return { audio: audio.audio, status };
  },
  corrects: (first) => field(field(first, 'parameter'), 'iat').dwa === 'wpgs',
  answer(result, status, { play }) {
    const corrupt = status === 2 && play === 'corrupt-base64';
    const text = corrupt ? '!!!not base64!!!' : Buffer.from(JSON.stringify(result)).toString('base64');
    const payload = { result: { encoding: 'utf8', compress: 'raw', format: 'json', status, seq: result.sn, text } };
    return { header: { code: 0, message: 'success', sid: SID, status }, payload };
  },
});

function checkSlm({ domain, language, accent, eos, dhw, result }: Frame): void {
  demand(domain === 'slm' && language === 'zh_cn' && accent === 'mandarin', 10139, 'iat domain, language, accent');
  demand(typeof eos === 'number' && eos >= 600 && eos <= 60_000, 10139, `iat.eos ${eos}`);
  demand(dhw === undefined || isHotWords(dhw), 10139, `iat.dhw ${dhw}`);
  const { encoding, compress, format } = result as Frame;
  demand(encoding === 'utf8' && compress === 'raw' && format === 'json', 10139, 'iat.result');
}

function isHotWords(dhw: unknown): boolean {
  return typeof dhw === 'string' && dhw.length <= 1_024 && /^dhw=db_utf-8;[^|]+(?:\|[^|]+)*$/.test(dhw);
}
