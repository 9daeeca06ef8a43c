import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { check, Fault, type Running } from '../server.ts';
import { tone } from '../sound.ts';
import { heardSentence } from './listen.ts';
import { NATIVE_REFUSALS, QWEN_TEST_KEY } from './refusals.ts';
import { type Work, workOf } from './task-order.ts';
import { sentenceOf } from './task-sentence.ts';

type Json = Readonly<Record<string, unknown>>;

const PATH = '/api-ws/v1/inference';
/** Whoever sends before the task has begun is caught meanwhile. */
const START_MS = 10;
const FOREIGN_TASK = 'f'.repeat(32);
const PIECE_BYTES = 7_001;
const MS_PER_CHAR = 80;

const sockets = new WebSocketServer({ noServer: true });

/** The task socket: CosyVoice speaks, Fun-ASR and Paraformer hear. */
export function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, server: Running): void {
  const play = server.takeCase();
  const { pathname } = new URL(request.url ?? '/', 'http://x');
  const hasKey =
    /^bearer /i.test(request.headers.authorization ?? '') &&
    request.headers.authorization?.endsWith(` ${QWEN_TEST_KEY}`);
  if (pathname !== PATH) server.faults.push(`there is no socket at ${pathname}`);
  else if (!hasKey) server.faults.push('socket: authorization');
  else if (play !== 'bad-key') {
    sockets.handleUpgrade(request, socket, head, (open) => converse(open, play, server));
    return;
  }
  const status = pathname === PATH ? 401 : 404;
  const body = String(NATIVE_REFUSALS.badKey.pieces[0]);
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, 'content-type: application/json'];
  socket.end([...lines, `content-length: ${Buffer.byteLength(body)}`, 'connection: close', '', body].join('\r\n'));
}

function converse(socket: WebSocket, play: string, server: Running): void {
  let work: Work | null = null;
  /** The task that the message under way is about. */
  let named = '';
  const send = (task_id: string, event: string, payload: Json = {}, header: Json = {}) =>
    socket.send(JSON.stringify({ header: { task_id, event, attributes: {}, ...header }, payload }));
  const fail = (id: string, error_code: string, error_message: string) => {
    send(id, 'task-failed', {}, { error_code, error_message });
    socket.close(1000);
  };

  function begin(started: Work): void {
    if (play === 'sound-first') socket.send(tone(100, 24_000));
    setTimeout(() => {
      if (socket.readyState !== socket.OPEN) return;
      send(started.id, 'task-started');
      started.state = 'running';
    }, START_MS);
  }

  function spoil(id: string): boolean {
    if (play === 'foreign-task') {
      send(FOREIGN_TASK, 'result-generated', { output: { sentence: sentenceOf('这句话不是你的。', 100, true) } });
      send(FOREIGN_TASK, 'task-failed', {}, { error_code: 'InternalError', error_message: 'not yours' });
      send(FOREIGN_TASK, 'task-finished');
    }
    if (play === 'task-failed') fail(id, 'InternalError.Algo', 'The engine failed.');
    else if (play === 'task-filtered')
      fail(id, 'DataInspectionFailed', 'Input data may contain inappropriate content.');
    else if (play === 'socket-cut') socket.terminate();
    else if (play === 'socket-closed') socket.close(1000);
    else return false;
    return true;
  }

  function finish({ id, task, text, rate, soundBytes }: Work): void {
    if (task === 'tts') {
      check(text.trim() !== '', 'finish-task before any text');
      const pcm = tone((text.length * MS_PER_CHAR) / rate, 24_000);
      for (let at = 0; at < pcm.length; at += PIECE_BYTES) {
        socket.send(pcm.subarray(at, at + PIECE_BYTES));
        if (at === 0 && spoil(id)) return;
      }
      send(id, 'result-generated', { output: { sentence: { words: [] } }, usage: { characters: text.length } });
    } else {
      const durationMs = soundBytes / 32;
      check(durationMs > 200, `only ${durationMs} ms of sound`);
      const words = heardSentence({ format: 'wav', durationMs, rateHz: 16_000 });
      const half = sentenceOf(words.slice(0, 6), durationMs, false);
      send(id, 'result-generated', { output: { sentence: half } });
      if (spoil(id)) return;
      send(id, 'result-generated', {
        output: { sentence: sentenceOf(words, durationMs, true) },
        usage: { duration: 1 },
      });
    }
    send(id, 'task-finished', { output: {} });
  }

  function take(data: Buffer, isBinary: boolean): void {
    if (isBinary) {
      check(work?.task === 'asr' && work.state === 'running', 'sound before the task had started, or after its end');
      check(data.length % 2 === 0 && data.length <= 16_384, `a frame of ${data.length} bytes`);
      work.soundBytes += data.length;
      return;
    }
    const { header = {}, payload = {} } = JSON.parse(data.toString('utf8')) as { header?: Json; payload?: Json };
    const { action, task_id: id, streaming } = header;
    check(typeof id === 'string' && /^[0-9a-f]{32}$/.test(id), `task_id: ${String(id)}`);
    named = id;
    check(streaming === 'duplex', 'streaming');
    if (action === 'run-task') {
      check(work === null, 'a second run-task');
      work = workOf(id, payload);
      begin(work);
      return;
    }
    check(work !== null && work.id === id, 'a message of another task');
    check(work.state === 'running', `${String(action)} before the task had started`);
    const { text } = (payload.input ?? {}) as Json;
    if (action === 'continue-task') {
      check(work.task === 'tts' && typeof text === 'string', 'continue-task without text');
      work.text += text;
      return;
    }
    check(action === 'finish-task', `action: ${String(action)}`);
    check(JSON.stringify(payload.input) === '{}', 'finish-task: input');
    work.state = 'finished';
    finish(work);
  }

  socket.on('message', (data: Buffer, isBinary) => {
    try {
      take(data, isBinary);
    } catch (error) {
      server.faults.push(error instanceof Fault ? error.message : `broke: ${String(error)}`);
      fail(named, 'InvalidParameter', String(error));
    }
  });
}
