import { randomInt } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { AskEvent, AskRequest, ChatMessage } from '#contract/chat.ts';
import { SensoriumError } from '#contract/error.ts';
import type { MediaPart } from '#contract/media.ts';
import type { CallContext, LanguageModel } from '#contract/ports.ts';
import { peerAt } from '#upstream/endpoint.ts';
import { connectionError, type Peer, refusalError } from '#upstream/errors.ts';
import { PATIENCE, type Patience } from '#upstream/send.ts';
import { mustAsk, wordsAndMedia } from '../../question.ts';
import type { Chunk } from '../openai/chunk.ts';
import { isObject } from '../openai/usage.ts';
import type { RemoteOptions } from '../remote.ts';
import { piecesOf, SAYS_NOTHING, tell } from '../tell.ts';
import { hasEnding, type MediaFiles, mediaFiles } from './files.ts';
import { noteIgnored } from './options.ts';

const SEPARATOR = '<SEP>';
const END = '<EOS>';
const FAILED = 'Server error! Please check the server logs and retry.';
/** The shipped server takes what one read of its socket gives for a whole message. */
const MOST_BYTES = 8_192;
/** What the processor does without being told: a frame a second, at most 128. */
const FRAMES = { fps: 1, max_frames: 128 };
const USUAL_TOKENS = 1024;

/**
 * VideoLLaMA3's demo server: JSON over a bare socket, with `<SEP>` after each message. Of the base URL only host and port
 * count. Media go as paths of files that the server opens. Source: inference/server/plain_server.py (05cee23).
 */
export function videoLlamaTcp(options: RemoteOptions): LanguageModel {
  const { baseUrl, model } = options;
  const patience = { ...PATIENCE, ...options.patience };
  const peer = peerAt('ask', options, model);

  async function* ask(request: AskRequest, context: CallContext): AsyncGenerator<AskEvent> {
    mustAsk(request);
    noteIgnored(options.id, request, context);
    const { signal } = context;
    const files = await mediaFiles();
    let socket: Socket | null = null;
    try {
      const id = randomInt(2 ** 32);
      const data = {
        conversation: await conversationOf(request.messages, files),
        generation_config: configOf(request),
      };
      const message = framed({ id, data });
      socket = await connected(baseUrl, peer, patience, signal);
      socket.write(message);
      yield* tell(chunksIn(watched(socket, patience), id, peer), peer, signal);
    } finally {
      socket?.destroy();
      await files.close();
    }
  }

  return {
    id: options.id,
    capabilities: options.capabilities,
    accepts: ({ kind, mimeType }) => (kind === 'image' || kind === 'video') && hasEnding(mimeType),
    ask,
    async warm() {},
    async close() {},
  };
}

function configOf({ temperature, topP, maxTokens = USUAL_TOKENS }: AskRequest): object {
  return {
    max_new_tokens: maxTokens,
    temperature,
    top_p: topP,
    do_sample: temperature === undefined ? undefined : temperature > 0,
  };
}

/** A message on the wire. Throws `ask.too-long` for one that the server would take for two. */
function framed(message: object): string {
  const text = JSON.stringify(message).replaceAll(SEPARATOR, '\\u003cSEP>') + SEPARATOR;
  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes <= MOST_BYTES) return text;
  throw new SensoriumError(
    'ask.too-long',
    `VideoLLaMA3’s demo server reads at most ${MOST_BYTES} bytes of a question.`,
    {
      hint: 'Ask with fewer words, or use the adapter in examples/video-llama, which has no such limit.',
      details: { sizeBytes },
    },
  );
}

async function conversationOf(messages: readonly ChatMessage[], files: MediaFiles): Promise<object[]> {
  const conversation: object[] = [];
  for (const { role, content } of messages) {
    if (typeof content === 'string') conversation.push({ role, content });
    else {
      const parts: object[] = [];
      for (const part of wordsAndMedia(content)) {
        parts.push(part.kind === 'text' ? { type: 'text', text: part.text } : await filePart(part.media, files));
      }
      conversation.push({ role, content: parts });
    }
  }
  return conversation;
}

async function filePart(part: MediaPart, files: MediaFiles): Promise<object> {
  const path = await files.write(part);
  return part.media.kind === 'video'
    ? { type: 'video', video: { video_path: path, ...FRAMES } }
    : { type: 'image', image: { image_path: path } };
}

function connected({ hostname, port }: URL, peer: Peer, patience: Patience, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const host = hostname.replace(/^\[|\]$/g, '');
    const socket = connect({ host, port: Number(port || 16_666), signal });
    const fail = (thrown: unknown) => reject(connectionError(thrown, 'connecting', peer, signal));
    socket.setTimeout(patience.connectTimeoutMs);
    socket.once('timeout', () => socket.destroy(timedOut('UND_ERR_CONNECT_TIMEOUT')));
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.removeAllListeners('timeout');
      socket.off('error', fail);
      // Whoever reads it is told as well.
      socket.on('error', () => {});
      socket.on('timeout', () => socket.destroy(timedOut('UND_ERR_BODY_TIMEOUT')));
      socket.setTimeout(patience.headTimeoutMs);
      resolve(socket);
    });
  });
}

/** A video is looked at before the first word comes; after it a silence means more. */
async function* watched(socket: Socket, { stallTimeoutMs }: Patience): AsyncGenerator<Buffer> {
  for await (const bytes of socket) {
    socket.setTimeout(stallTimeoutMs);
    yield bytes;
  }
}

function timedOut(code: string): Error {
  return Object.assign(new Error('nothing came in time'), { code });
}

/** What is said under this id until its end. Words may hold the separator, so a piece that is no JSON waits for its rest. */
async function* chunksIn(bytes: AsyncIterable<Buffer>, id: number, peer: Peer): AsyncGenerator<Chunk> {
  let begun = '';
  for await (const piece of piecesOf(bytes, SEPARATOR)) {
    const text = begun === '' ? piece : `${begun}${SEPARATOR}${piece}`;
    const json = parsed(text);
    begun = json === undefined ? text : '';
    if (!isObject(json) || json.id !== id) continue;
    const said = typeof json.data === 'string' ? json.data : '';
    if (said === FAILED) throw refusalError({ status: null, message: FAILED, marks: '' }, peer);
    if (said === END) {
      // It says that it ended and not why.
      yield { ...SAYS_NOTHING, reason: END };
      return;
    }
    yield { ...SAYS_NOTHING, text: said };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
