import { randomUUID } from 'node:crypto';
import { SensoriumError } from '#contract/error.ts';
import { classifyDashScope } from './dashscope.ts';
import { type Endpoint, peerAt } from './endpoint.ts';
import { type Peer, refusalError } from './errors.ts';
import { AGENT, bearer } from './request.ts';
import { PATIENCE } from './send.ts';
import { openSocket } from './socket.ts';

type Json = Readonly<Record<string, unknown>>;

/** What a task gives: bytes of sound, or the `output` of a result. */
type TaskNews = { readonly kind: 'sound'; readonly bytes: Buffer } | { readonly kind: 'result'; readonly output: Json };

/** A task under way. Reading it ends when the task has finished, and throws when it fails or its socket breaks. */
export interface Task extends AsyncIterable<TaskNews> {
  /** Hands over the next part of a text. */
  say(text: string): Promise<void>;
  /** Hands over the next piece of sound. */
  play(bytes: Buffer): Promise<void>;
  /** Says that nothing more comes. */
  finish(): Promise<void>;
  close(): void;
}

interface TaskOrder extends Pick<Endpoint, 'baseUrl' | 'keys' | 'keyName' | 'patience'> {
  readonly stage: Peer['stage'];
  readonly model: string;
  readonly task: 'tts' | 'asr';
  readonly parameters: Json;
}

const FUNCTIONS = { tts: 'SpeechSynthesizer', asr: 'recognition' } as const;

/**
 * Starts a task on DashScope's task socket and settles when the server is ready for it: nothing may be sent before. Each
 * task has a socket of its own; what is said on it of other tasks is not ours. Source: dashscope-sdk-python, 2026-07-02.
 */
export async function openTask(order: TaskOrder, signal: AbortSignal): Promise<Task> {
  const { model, baseUrl, keys, task } = order;
  const peer = peerAt(order.stage, order, model, classifyDashScope);
  const socket = await openSocket(addressOf(baseUrl), {
    headers: { ...AGENT, ...bearer(keys.apiKey) },
    peer,
    patience: { ...PATIENCE, ...order.patience },
    signal,
  });
  const id = randomUUID().replaceAll('-', '');
  const tell = (action: string, payload: Json) =>
    socket.send(JSON.stringify({ header: { action, task_id: id, streaming: 'duplex' }, payload }));
  const messages = socket[Symbol.asyncIterator]();
  /** Sound may overtake the word that the task has begun. */
  const early: TaskNews[] = [];

  async function next(): Promise<'started' | 'finished' | TaskNews | null> {
    const { done, value } = await messages.next();
    if (done) throw broken(peer);
    return typeof value === 'string' ? readEvent(value, id, peer) : { kind: 'sound', bytes: value };
  }

  try {
    await tell('run-task', {
      task_group: 'audio',
      task,
      function: FUNCTIONS[task],
      model,
      parameters: order.parameters,
      input: {},
    });
    for (let news = await next(); news !== 'started'; news = await next()) {
      if (news === 'finished') throw broken(peer);
      if (news !== null) early.push(news);
    }
  } catch (error) {
    socket.close();
    throw error;
  }

  return {
    say: (text) => tell('continue-task', { input: { text } }),
    play: (bytes) => socket.send(bytes),
    finish: () => tell('finish-task', { input: {} }),
    close: () => socket.close(),
    async *[Symbol.asyncIterator]() {
      yield* early;
      for (let news = await next(); news !== 'finished'; news = await next()) {
        if (news !== null && news !== 'started') yield news;
      }
    },
  };
}

function addressOf(baseUrl: URL): URL {
  const url = new URL('/api-ws/v1/inference', baseUrl);
  url.protocol = baseUrl.protocol === 'http:' ? 'ws:' : 'wss:';
  return url;
}

/** What an event says of our task; `null` for nothing, or for something of another one. */
function readEvent(text: string, id: string, peer: Peer): 'started' | 'finished' | TaskNews | null {
  const { header, payload } = parsed(text, peer);
  if (header?.task_id !== id) return null;
  switch (header.event) {
    case 'task-started':
      return 'started';
    case 'task-finished':
      return 'finished';
    case 'result-generated': {
      const output = payload?.output;
      return typeof output === 'object' && output !== null ? { kind: 'result', output: output as Json } : null;
    }
    case 'task-failed':
      throw refusalError(
        { status: null, message: String(header.error_message ?? ''), marks: String(header.error_code ?? '') },
        peer,
      );
    default:
      return null;
  }
}

function parsed(text: string, peer: Peer): { readonly header?: Json; readonly payload?: Json } {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    throw refusalError({ status: null, message: `a message that is not JSON: ${text}`, marks: '' }, peer);
  }
}

function broken({ stage, host, model }: Peer): SensoriumError {
  return new SensoriumError(`${stage}.upstream-failed`, `${host} closed the connection before the task was done.`, {
    hint: 'Ask again; if it stays so, look at the server.',
    details: { host, model },
  });
}
