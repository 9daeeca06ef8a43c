import { StringDecoder } from 'node:string_decoder';
import type { AskEvent } from '#contract/chat.ts';
import { SensoriumError } from '#contract/error.ts';
import { connectionError, type Peer } from '#upstream/errors.ts';
import type { Chunk } from './openai/chunk.ts';
import { collect } from './openai/collect.ts';

/** A message that says nothing: what a dialect with a wire of its own fills in. */
export const SAYS_NOTHING: Chunk = {
  model: null,
  text: '',
  reasoning: '',
  refusal: '',
  sound: '',
  toolCalls: [],
  tokens: [],
  reason: null,
  usage: null,
};

/**
 * Tells an answer from its messages, however they came. Without a reason to stop it counts as cut off, unless `endsSilently`:
 * then whatever said something and came to a proper end is whole.
 */
export async function* tell(
  chunks: AsyncIterable<Chunk>,
  peer: Peer,
  signal: AbortSignal,
  { endsSilently = false }: { readonly endsSilently?: boolean } = {},
): AsyncGenerator<AskEvent> {
  const collected = collect(peer.model);
  try {
    for await (const chunk of chunks) yield* collected.take(chunk);
  } catch (thrown) {
    if (collected.reason === null || signal.aborted) throw connectionError(thrown, 'answering', peer, signal);
  }
  if (collected.reason === null && (!endsSilently || collected.isEmpty)) {
    throw new SensoriumError('ask.upstream-failed', `${peer.host} ended its answer in the middle.`, {
      hint: 'What came so far was passed on; ask again for a whole answer.',
      details: { host: peer.host, model: peer.model, receivedChars: collected.textChars },
    });
  }
  yield* collected.end();
}

const MAX_PIECE_CHARS = 8 * 2 ** 20;

/** What bytes hold between separators; they may be cut anywhere. Throws at a piece without end. */
export async function* piecesOf(bytes: AsyncIterable<Buffer>, separator: string): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const more of bytes) {
    const pieces = (rest + decoder.write(more)).split(separator);
    rest = pieces.pop() ?? '';
    if (rest.length > MAX_PIECE_CHARS) throw new Error('a message without end');
    yield* pieces;
  }
  if (rest.trim() !== '') yield rest;
}
