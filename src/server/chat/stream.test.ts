import { describe, expect, it, vi } from 'vitest';
import type { PipelineEvent } from '#contract/events.ts';
import { lossOf } from '#contract/loss.ts';
import type { Report } from '#contract/report.ts';
import { spokenAnswers } from './spoken-answers.ts';
import { chunkWriter, type StreamWishes } from './stream.ts';

const spoken = spokenAnswers();
const report = {
  requestId: 'req_1f',
  answer: { text: 'Hi, you.', model: 'm-1', finishReason: 'stop', usage: { inputTokens: 3, outputTokens: 4 } },
  speech: null,
  plan: [],
  perceptions: [],
  ledger: { inputs: [], losses: [] },
  timings: { totalMs: 5 },
} as unknown as Report;

interface Chunk {
  id: string;
  model: string;
  choices: { delta: Record<string, unknown>; finish_reason: string | null }[];
  usage?: object | null;
  sensorium?: { request_id?: string; event?: { kind: string } };
}

function written(events: readonly PipelineEvent[], wishes: Partial<StreamWishes> = {}): Chunk[] {
  const write = chunkWriter({
    model: 'm',
    requestId: 'req_1f',
    includeUsage: false,
    showEvents: false,
    spoken,
    ...wishes,
  });
  return events.flatMap((event) => write(event)).map((line) => JSON.parse(line));
}

const text = (words: string): PipelineEvent => ({ kind: 'text-delta', text: words });
const end: PipelineEvent = { kind: 'report-made', report };

describe('chunkWriter', () => {
  it('says the role once, then the text, and ends with the reason and our field', () => {
    const chunks = written([text('Hi, "you'), text('".\n'), end]);
    expect(chunks.map(({ choices: [choice] }) => choice?.delta)).toEqual([
      { role: 'assistant', content: 'Hi, "you' },
      { content: '".\n' },
      {},
    ]);
    expect(new Set(chunks.map(({ id }) => id))).toEqual(new Set(['chatcmpl-1f']));
    expect(chunks.map(({ choices: [choice] }) => choice?.finish_reason)).toEqual([null, null, 'stop']);
    expect(chunks.filter(({ sensorium }) => sensorium)).toHaveLength(1);
    expect(chunks.at(-1)?.sensorium).toMatchObject({ request_id: 'req_1f', plan: [] });
  });

  it('puts usage, and with it our field, on a last chunk without choices where usage was asked for', () => {
    const chunks = written([text('Hi'), end], { includeUsage: true });
    expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
      sensorium: { request_id: 'req_1f' },
    });
    expect(chunks.filter(({ sensorium }) => sensorium)).toHaveLength(1);
  });

  it('gives all chunks the time at which the stream began', () => {
    vi.useFakeTimers({ now: 1_000_000 });
    const write = chunkWriter({ model: 'm', requestId: 'req_1f', includeUsage: true, showEvents: false, spoken });
    vi.setSystemTime(9_000_000);
    const times = [text('Hi'), end].flatMap((event) => write(event)).map((line) => JSON.parse(line).created);
    vi.useRealTimers();
    expect(times).toEqual([1000, 1000, 1000]);
  });

  it('weaves each sentence’s words and sound into the text', () => {
    const chunks = written([
      text('One. Two.'),
      { kind: 'sentence-start', text: 'One.', spoken: 'One.' },
      { kind: 'speech-chunk', pcm: new Float32Array([0, 1, -1]), sampleRateHz: 24_000 },
      { kind: 'sentence-start', text: 'Two.', spoken: 'Two.' },
      { kind: 'report-made', report: { ...report, speech: { durationMs: 1 } as never } },
    ]);
    const audio = chunks.flatMap(({ choices: [choice] }) => (choice?.delta.audio ? [choice.delta.audio] : []));
    expect(audio).toEqual([
      { id: 'audio_1f', transcript: 'One.' },
      { id: 'audio_1f', data: Buffer.from([0, 0, 0xff, 0x7f, 0x01, 0x80]).toString('base64') },
      { id: 'audio_1f', transcript: ' Two.' },
      { id: 'audio_1f', expires_at: expect.any(Number) },
    ]);
    expect(spoken.get('audio_1f')).toBe('Hi, you.');
  });

  it('gives an answer without a word one empty chunk with the role', () => {
    expect(written([end])[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '' });
  });

  it('tells what happens only to those who ask', () => {
    const loss: PipelineEvent = {
      kind: 'loss-noted',
      loss: lossOf({ kind: 'noisy', stage: 'probe', message: 'loud' }),
    };
    expect(written([loss])).toEqual([]);
    const [chunk] = written([loss], { showEvents: true });
    expect(chunk).toMatchObject({ choices: [], sensorium: { event: { kind: 'loss-noted', loss: { kind: 'noisy' } } } });
  });

  it('hands on functions, thoughts and refusals', () => {
    const chunks = written([
      { kind: 'reasoning-delta', text: 'hm' },
      { kind: 'tool-call-delta', index: 0, id: 'c1', name: 'add', arguments: '{' },
      { kind: 'tool-call-delta', index: 0, arguments: '}' },
      { kind: 'refusal-delta', text: 'No.' },
    ]);
    expect(chunks.map(({ choices: [choice] }) => choice?.delta)).toEqual([
      { role: 'assistant', reasoning_content: 'hm' },
      { tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name: 'add', arguments: '{' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '}' } }] },
      { refusal: 'No.' },
    ]);
  });
});
