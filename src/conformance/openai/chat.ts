import { httpCase } from '../cases.ts';
import { events, json, type Reply } from '../reply.ts';
import { check, type Request } from '../server.ts';
import { checkChat, mediaIn } from './chat-fields.ts';
import { mustHaveKey, NEVER_RETRY, REFUSALS } from './key.ts';
import { asWav, inPieces, spokenTone } from './spoken.ts';

const chunk = (fields: object) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1_790_000_000,
  model: 'gpt-test-2026',
  ...fields,
});
const delta = (content: object, finish_reason: string | null = null) =>
  chunk({ choices: [{ index: 0, delta: content, finish_reason }], usage: null });

const WORDS = ['现在', '是', '下午三点', '，', "it's 3 pm", ' 🕒。'];
const USAGE = { prompt_tokens: 12, completion_tokens: 8, total_tokens: 20 };

const streamed = (words: readonly string[]) =>
  events([
    delta({ role: 'assistant', content: '', refusal: null }),
    ...words.map((content) => delta({ content })),
    delta({}, 'stop'),
    chunk({ choices: [], usage: USAGE }),
    '[DONE]',
  ]);

const FILTERED = `data: ${JSON.stringify(delta({}, 'content_filter'))}\n\ndata: [DONE]\n\n`;

/** `POST /chat/completions`: checks every field, and answers in words or, with the modality audio, in sound. */
export function chat(request: Request): Reply {
  mustHaveKey(request);
  check(request.headers['content-type'] === 'application/json', 'content-type');
  const body = request.json();
  checkChat(body);
  if (request.play === 'never-retry') return NEVER_RETRY;
  const media = mediaIn(body);
  const words = media === '' ? WORDS : [...WORDS, ` I was sent ${media}.`];
  if (body.audio) return spoken(words, body.audio as Spoken, body.stream === true);
  const special = httpCase(request.play, streamed(words), { ...REFUSALS, filteredOutput: FILTERED });
  if (special) return special;
  return body.stream === true ? streamed(words) : whole({ role: 'assistant', content: words.join(''), refusal: null });
}

interface Spoken {
  readonly voice: string | { readonly id: string };
}

function spoken(words: readonly string[], { voice }: Spoken, stream: boolean): Reply {
  const transcript = words.join('');
  const pcm = spokenTone(transcript, typeof voice === 'string' ? voice : voice.id);
  const audio = { id: 'audio_1', expires_at: 1_790_003_600 };
  if (!stream) {
    const sound = { ...audio, data: asWav(pcm).toString('base64'), transcript };
    return whole({ role: 'assistant', content: null, refusal: null, audio: sound });
  }
  const pieces = inPieces(pcm.toString('base64'), words.length - 1);
  return events([
    delta({ role: 'assistant', refusal: null, audio: { id: audio.id, transcript: words[0] } }),
    // Words and sound come in any order, now one first and now the other.
    ...words.slice(1).flatMap((word, at) => {
      const both = [delta({ audio: { transcript: word } }), delta({ audio: { data: pieces[at] ?? '' } })];
      return at % 2 === 0 ? both : both.reverse();
    }),
    ...pieces.slice(words.length - 1).map((data) => delta({ audio: { data } })),
    delta({ audio: { expires_at: audio.expires_at } }),
    delta({}, 'stop'),
    chunk({ choices: [], usage: USAGE }),
    '[DONE]',
  ]);
}

function whole(message: object): Reply {
  const choices = [{ index: 0, message, logprobs: null, finish_reason: 'stop' }];
  return json({ ...chunk({ object: 'chat.completion', choices }), usage: USAGE });
}
