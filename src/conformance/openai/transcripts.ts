/** What was asked of a recording, and what is known of it. */
export interface Heard {
  readonly model: string;
  /** `null` for a sound in a form that is not taken apart here. */
  readonly durationMs: number | null;
  readonly sizeBytes: number;
  readonly language: string | undefined;
  readonly wordTimes: boolean;
  readonly segments: boolean;
  readonly logprobs: boolean;
}

/** How long the sound was, in words: what stands in for hearing, and shows that the sound arrived whole. */
export function textOf({ durationMs, sizeBytes }: Heard): string {
  return durationMs === null
    ? `I heard ${sizeBytes} bytes of sound.`
    : `I heard ${(durationMs / 1000).toFixed(2)} seconds of sound.`;
}

const secondsOf = ({ durationMs }: Heard) => (durationMs ?? 1000) / 1000;

function wordsOf(heard: Heard): { word: string; start: number; end: number }[] {
  // A list of words has no full stop in it.
  const words = textOf(heard).replace(/\.$/, '').split(' ');
  const each = secondsOf(heard) / words.length;
  return words.map((word, at) => ({ word, start: at * each, end: (at + 1) * each }));
}

/** Tokens as such models spell them, the last of each word cut in the middle of nothing, with figures that differ. */
export function logprobsOf(heard: Heard): { token: string; logprob: number; bytes: number[] }[] {
  const tokens = textOf(heard).match(/ ?\w+|[^\w]/g) ?? [];
  // A figure of the sound is less sure the longer the sound is.
  const doubt = (token: string) => (/\d/.test(token) ? secondsOf(heard) / 1000 : 0);
  return tokens.map((token, at) => ({
    token,
    logprob: -0.01 * (at + 1) - doubt(token),
    bytes: [...Buffer.from(token)],
  }));
}

const usageOf = (heard: Heard) =>
  /^gpt-/.test(heard.model)
    ? {
        type: 'tokens',
        input_tokens: 14,
        input_token_details: { text_tokens: 4, audio_tokens: 10 },
        output_tokens: 9,
        total_tokens: 23,
      }
    : { type: 'duration', seconds: Math.ceil(secondsOf(heard)) };

/** An answer in one of the three formats that are JSON. */
export function jsonOf(format: string, heard: Heard, how: { vllm: boolean; placeholders: boolean }): object {
  const text = textOf(heard);
  const seconds = secondsOf(heard);
  const usage = usageOf(heard);
  if (format === 'json') return { text, ...(heard.logprobs ? { logprobs: logprobsOf(heard) } : {}), usage };
  if (format === 'diarized_json') {
    return { task: 'transcribe', duration: seconds, text, segments: [spokenBy(heard)], usage };
  }
  const [avg_logprob, no_speech_prob] = how.placeholders ? [0, 0] : [-0.1 - seconds / 1000, seconds / 1000];
  const segment = {
    id: 0,
    seek: 0,
    start: 0,
    end: seconds,
    text,
    tokens: [1, 2, 3],
    temperature: 0,
    compression_ratio: 1.1,
  };
  return {
    task: 'transcribe',
    language: 'english',
    // vLLM writes it as text.
    duration: how.vllm ? String(seconds) : seconds,
    text,
    ...(heard.wordTimes && !how.vllm ? { words: wordsOf(heard) } : {}),
    ...(heard.segments ? { segments: [{ ...segment, avg_logprob, no_speech_prob }] } : {}),
    usage,
  };
}

function spokenBy(heard: Heard): object {
  return {
    type: 'transcript.text.segment',
    id: 'seg_001',
    start: 0,
    end: secondsOf(heard),
    text: textOf(heard),
    speaker: 'A',
  };
}

/** An answer in one of the formats that are not JSON; each ends with a line break. */
export function plainOf(format: string, heard: Heard): string {
  const text = textOf(heard);
  const until = new Date(secondsOf(heard) * 1000).toISOString().slice(11, 23);
  if (format === 'srt') return `1\n00:00:00,000 --> ${until.replace('.', ',')}\n${text}\n\n`;
  return format === 'vtt' ? `WEBVTT\n\n00:00:00.000 --> ${until}\n${text}\n\n` : `${text}\n`;
}

/** The lines of a stream: OpenAI's typed events, or the chunks vLLM sends instead. */
export function streamOf(heard: Heard, whose: 'openai' | 'vllm'): (object | string)[] {
  const pieces = logprobsOf(heard);
  const usage = usageOf(heard);
  if (whose === 'vllm') {
    const chunk = (content: string, finish_reason: string | null) => ({
      id: 'trsc-1',
      object: 'transcription.chunk',
      created: 1_790_000_000,
      model: heard.model,
      choices: [{ delta: { content }, finish_reason, stop_reason: null }],
    });
    return [...pieces.map(({ token }) => chunk(token, null)), { ...chunk('', 'stop'), usage }, '[DONE]'];
  }
  const logprobs = (these: typeof pieces) => (heard.logprobs ? { logprobs: these } : {});
  return [
    ...(/diarize/.test(heard.model) ? [spokenBy(heard)] : []),
    ...pieces.map((piece) => ({ type: 'transcript.text.delta', delta: piece.token, ...logprobs([piece]) })),
    { type: 'transcript.text.done', text: textOf(heard), ...logprobs(pieces), usage },
  ];
}
