import { SensoriumError } from '#contract/error.ts';
import { lossOf } from '#contract/loss.ts';
import type { CallContext } from '#contract/ports.ts';
import type { HttpReply } from '#kit/http.ts';
import { connectionError, type Peer, readRefusal, refusalError, refusalIn } from '#upstream/errors.ts';
import { type Line, lineReader } from '#upstream/lines.ts';
import { readText } from '#upstream/send.ts';
import { soundBytes } from './sound-bytes.ts';

/** How a server's sound is to be read: the rate of sound without a header, and the one it is to have. */
export interface SoundForm {
  readonly engine: string;
  readonly plainRateHz: number;
  readonly toHz: number;
}

/**
 * The sound of a reply as mono 16-bit PCM at `toHz`: bytes with a WAV header or without one, or OpenAI's speech events
 * (`speech.audio.delta`, base64). Throws `speak.upstream-failed` for an error in a good reply, a reply that breaks off, and
 * sound that is compressed.
 */
export async function* soundOf(
  reply: HttpReply,
  peer: Peer,
  { engine, plainRateHz, toHz }: SoundForm,
  context: CallContext,
): AsyncGenerator<Uint8Array> {
  const type = String(reply.headers['content-type'] ?? '').toLowerCase();
  const told = Number(/rate=(\d+)/.exec(type)?.[1]);
  const sound = soundBytes({ plainRateHz: told > 0 ? told : plainRateHz, toHz });
  let complete = false;
  try {
    if (type.includes('json')) throw await notSound(reply, peer);
    const chunks = type.includes('text/event-stream') ? spokenEvents(reply, peer) : rawBytes(reply, type, peer);
    for await (const bytes of chunks) yield sound.push(bytes);
    complete = true;
  } catch (thrown) {
    throw connectionError(thrown, 'answering', peer, context.signal);
  } finally {
    if (!complete) reply.body.destroy();
  }
  yield sound.end();
  if (sound.leftBytes === 0) return;
  context.note(
    lossOf({
      kind: 'truncated',
      stage: 'speak',
      engine,
      message: 'The server’s sound ended in the middle of a sample.',
      action: 'Left out the rest of it.',
    }),
  );
}

async function notSound(reply: HttpReply, peer: Peer): Promise<SensoriumError> {
  const refusal = readRefusal(null, await readText(reply, 64 * 1024));
  return refusalError({ ...refusal, message: refusal.message || 'an answer without sound' }, peer);
}

async function* rawBytes(reply: HttpReply, type: string, peer: Peer): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const bytes of reply.body) {
    if (isFirst && bytes.length > 0) {
      const kind = compressedKind(bytes, type);
      if (kind) throw compressed(kind, peer);
      isFirst = false;
    }
    yield bytes;
  }
}

/** What a sound is compressed as; PCM may begin with any bytes, so a mark of two counts only if the type agrees. */
function compressedKind(bytes: Buffer, type: string): string | null {
  const begins = bytes.toString('latin1', 0, 4);
  if (begins.startsWith('ID3')) return 'MP3';
  if (begins === 'OggS') return 'Ogg';
  if (begins === 'fLaC') return 'FLAC';
  return /mpeg|mp3|aac/.test(type) && bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0 ? 'MP3 or AAC' : null;
}

function compressed(kind: string, { host }: Peer): SensoriumError {
  return new SensoriumError('speak.upstream-failed', `${host} sent ${kind}, though plain sound was asked for.`, {
    hint: 'Set the server up to send WAV or PCM.',
    details: { host },
  });
}

async function* spokenEvents(reply: HttpReply, peer: Peer): AsyncGenerator<Uint8Array> {
  const reader = lineReader(peer);
  let held = '';
  let ended = false;
  for (let over = false; !over && !ended; ) {
    const bytes = await reply.body.next();
    over = bytes === null;
    for (const line of bytes === null ? reader.end() : reader.push(bytes)) {
      const event = eventIn(line, peer);
      ended ||= event.ended;
      // Pieces may be cut anywhere, or be whole encodings each.
      for (const piece of (held + event.base64).split(/(?<==)(?!=)/)) {
        const whole = piece.length - (piece.length % 4);
        held = piece.slice(whole);
        if (whole > 0) yield Buffer.from(piece.slice(0, whole), 'base64');
      }
    }
  }
  if (ended) return reply.body.destroy();
  throw new SensoriumError('speak.upstream-failed', `${peer.host} ended a sentence in the middle.`, {
    hint: 'Ask again; if it stays so, look at the server.',
    details: { host: peer.host, model: peer.model },
  });
}

function eventIn(line: Line, peer: Peer): { readonly base64: string; readonly ended: boolean } {
  if (line.kind === 'broken') throw line.error;
  if (line.kind === 'done') return { base64: '', ended: true };
  const json = line.json as Readonly<Record<string, unknown>> | null;
  const failed = line.isError || json?.type === 'speech.audio.error';
  const refusal = refusalIn(null, json) ?? (failed ? { status: null, message: JSON.stringify(json), marks: '' } : null);
  if (refusal) throw refusalError(refusal, peer);
  return {
    base64: typeof json?.audio === 'string' ? json.audio.trim() : '',
    ended: json?.type === 'speech.audio.done',
  };
}
