import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ChatMessage } from '#contract/chat.ts';

const SCRIPT = fileURLToPath(new URL('./cascade.py', import.meta.url));
const KEPT_STDERR_CHARS = 4_000;

/** The three models of the cascade, as cascade.py names them. */
export const PEER_PARTS = ['hear', 'ask', 'speak'] as const;
export type PeerPart = (typeof PEER_PARTS)[number];

/** The bindings of llama.cpp the peer can use: a wheel for any processor, or one built here for this one. */
export type Binding = 'xllamacpp' | 'llama-cpp-python';

/** How people know what runs in each part. */
export const PEER_NAMES = {
  hear: 'faster-whisper int8, beam 1',
  ask: 'llama.cpp in Python',
  speak: 'Kokoro on onnxruntime in Python',
} as const satisfies Record<PeerPart, string>;

/** What each part is loaded with: the arguments of cascade.py's `load`. */
export type PeerModels = Readonly<Record<PeerPart, Readonly<Record<string, string | number>>>>;

/** The Python cascade in a process of its own. Calls run one after the other. Every time is in seconds, measured in Python. */
export interface Peer {
  readonly pid: number;
  /** Loads the parts that are not loaded yet. */
  ready(...parts: readonly PeerPart[]): Promise<void>;
  /** `language` `null` lets it find out; the beam is 1 where none is given. */
  hear(
    file: string,
    language: string | null,
    beam?: number,
  ): Promise<{ decodeSeconds: number; seconds: number; text: string }>;
  ask(
    messages: readonly ChatMessage[],
    maxTokens: number,
  ): Promise<{ seconds: number; firstTokenSeconds: number; tokens: number; text: string }>;
  /** `sentences` are token ids of Kokoro's vocabulary, without padding. */
  speak(
    sentences: readonly (readonly number[])[],
  ): Promise<{ seconds: number; firstSentenceSeconds: number; audioSeconds: number }>;
  facts(): Promise<Readonly<Record<string, string>>>;
  close(): Promise<void>;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Starts cascade.py with nothing loaded. Its process ends with `close`, with `signal`, or with ours. */
export function startPeer(python: string, models: PeerModels, signal: AbortSignal): Peer {
  const child = spawn(python, ['-u', SCRIPT], { stdio: ['pipe', 'pipe', 'pipe'] });
  const gone = once(child, 'close').catch(() => {});
  const waiting = new Map<number, Waiting>();
  const loaded = new Set<PeerPart>();
  let lastId = 0;
  let stderr = '';

  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  signal.addEventListener('abort', kill, { once: true });
  child.stdin.on('error', () => {});
  child.stderr.on('data', (bytes) => {
    stderr = (stderr + bytes).slice(-KEPT_STDERR_CHARS);
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line) as { id: number; result?: unknown; error?: string };
    const call = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.error === undefined) call?.resolve(answer.result);
    else call?.reject(new Error(`The Python peer failed: ${answer.error}`));
  });
  const fail = (why: string) => {
    for (const call of waiting.values()) call.reject(new Error(`${why}\n${stderr}`));
    waiting.clear();
  };
  child.on('error', (error) => fail(`The Python peer could not be started: ${error.message}`));
  child.on('close', (code, by) => fail(`The Python peer ended (${by ?? `exit code ${code}`}).`));

  function call<T>(command: string, argument: object = {}): Promise<T> {
    const id = ++lastId;
    return new Promise<unknown>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      if (child.exitCode !== null || child.signalCode !== null) return fail('The Python peer has ended.');
      child.stdin.write(`${JSON.stringify({ ...argument, id, command })}\n`);
    }) as Promise<T>;
  }

  return {
    get pid() {
      return child.pid ?? 0;
    },
    async ready(...parts) {
      for (const part of parts) {
        if (loaded.has(part)) continue;
        await call('load', { part, ...models[part] });
        loaded.add(part);
      }
    },
    hear: (file, language, beam = 1) => call('hear', { file, language, beam }),
    ask: (messages, maxTokens) => call('ask', { messages, max_tokens: maxTokens }),
    speak: (sentences) => call('speak', { sentences }),
    facts: () => call('facts'),
    async close() {
      process.off('exit', kill);
      signal.removeEventListener('abort', kill);
      kill();
      await gone;
    },
  };
}
