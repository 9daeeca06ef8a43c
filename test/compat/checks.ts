/** One thing that a client does, and what must come of it. */
export interface Check {
  readonly id: string;
  readonly endpoint: string;
  readonly what: string;
}

const CHAT = 'POST /v1/chat/completions';
const HEAR = 'POST /v1/audio/transcriptions';
const TRANSLATE = 'POST /v1/audio/translations';
const SPEAK = 'POST /v1/audio/speech';
const VOICES = 'GET /v1/audio/voices';
const EMBED = 'POST /v1/embeddings';
const MODELS = 'GET /v1/models, /v1/models/{id}';
const ERRORS = 'errors and retries';

const rows: readonly (readonly [id: string, endpoint: string, what: string])[] = [
  ['chat.text', CHAT, 'a question is answered; usage adds up'],
  ['chat.history', CHAT, 'earlier messages and a system message count'],
  ['chat.developer', CHAT, 'a developer message counts'],
  ['chat.stream', CHAT, 'streamed pieces join to the whole answer; `finish_reason`, usage'],
  ['chat.sensorium', CHAT, 'our field `sensorium` is taken and comes back, whole'],
  ['chat.stream-sensorium', CHAT, 'and in a stream on the last chunk; `stream_events` as they happen'],
  ['chat.audio-in', CHAT, 'a spoken question (`input_audio`) is answered'],
  ['chat.several-parts', CHAT, 'recording, text file and picture in one message, each with its fate'],
  ['chat.loss-forbidden', CHAT, '`loss: "forbid"` refuses, and says which part'],
  ['chat.spoken-wav', CHAT, 'a spoken answer as WAV says its transcript'],
  ['chat.spoken-mp3', CHAT, 'a spoken answer as MP3 says its transcript'],
  ['chat.spoken-stream', CHAT, 'a spoken answer in a stream (pcm16) says its transcript'],
  ['chat.spoken-again', CHAT, 'a spoken answer is referred to by its id'],
  ['chat.json-schema', CHAT, 'an answer under a JSON Schema parses and fits'],
  ['chat.stop', CHAT, 'an answer ends before a stop sequence'],
  ['chat.seed', CHAT, 'the same seed gives the same answer'],
  ['chat.max-tokens', CHAT, 'the longest answer is kept to, and `finish_reason` says so'],
  ['chat.tools', CHAT, 'tools offered to a local model: a call comes back or the ledger says they were left out'],
  ['chat.logprobs', CHAT, 'log-probabilities asked of a local model come back or the ledger says why not'],
  ['chat.through', CHAT, 'options reach a remote model’s server as they were given, and nothing of ours does'],
  [
    'chat.through-tools',
    CHAT,
    'tool calls of a remote model come back, whole and streamed, and their results go there',
  ],
  ['chat.through-logprobs', CHAT, 'log-probabilities of a remote model come back'],
  ['chat.through-media', CHAT, 'a recording reaches a remote model that can hear, as it is'],
  ['chat.abort', CHAT, 'a client that leaves in the middle of a stream frees its place'],
  ['hear.json', HEAR, 'json'],
  ['hear.text', HEAR, 'text'],
  ['hear.verbose', HEAR, 'verbose_json with words and segments'],
  ['hear.srt', HEAR, 'srt'],
  ['hear.vtt', HEAR, 'vtt'],
  ['hear.logprobs', HEAR, 'log-probabilities, one for each token'],
  ['hear.stream', HEAR, 'events whose pieces join to the whole text'],
  ['hear.prompt', HEAR, '`prompt` and `language` are taken'],
  ['translate.json', TRANSLATE, 'json'],
  ['translate.text', TRANSLATE, 'text'],
  ['speak.wav', SPEAK, 'wav says the text'],
  ['speak.mp3', SPEAK, 'mp3 says the text'],
  ['speak.opus', SPEAK, 'opus says the text'],
  ['speak.flac', SPEAK, 'flac says the text'],
  ['speak.pcm', SPEAK, 'pcm says the text'],
  ['speak.speed', SPEAK, '`speed` makes it shorter'],
  ['speak.stream', SPEAK, 'sound read in pieces as it comes says the text'],
  ['speak.sse', SPEAK, '`stream_format: "sse"` says the text'],
  ['voices.list', VOICES, 'every voice has an id, a name and a language, and one of them speaks'],
  ['embed.float', EMBED, 'numbers; close texts are close'],
  ['embed.base64', EMBED, 'base64 holds the same numbers'],
  ['embed.dimensions', EMBED, '`dimensions` shortens the vectors'],
  ['models.list', MODELS, 'every model with its `sensorium` object'],
  ['models.retrieve', MODELS, 'one model'],
  ['errors.not-found', ERRORS, 'an unknown model is 404 `model_not_found`'],
  ['errors.bad-request', ERRORS, 'a field out of range is 400 and named'],
  ['errors.key', ERRORS, 'a wrong key is 401'],
  ['errors.rate', ERRORS, 'too many requests at once are 429 with `Retry-After`'],
  ['errors.retry', ERRORS, 'the client waits for so long and then succeeds'],
];

export const CHECKS: readonly Check[] = rows.map(([id, endpoint, what]) => ({ id, endpoint, what }));
