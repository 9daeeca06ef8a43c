import { check } from '../server.ts';

type Json = Readonly<Record<string, unknown>>;

/** A task under way: what was ordered and what came for it so far. */
export interface Work {
  readonly id: string;
  readonly task: 'tts' | 'asr';
  readonly rate: number;
  state: 'starting' | 'running' | 'finished';
  text: string;
  soundBytes: number;
}

const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  volume: [0, 100],
  rate: [0.5, 2],
  pitch: [0.5, 2],
};

/** Reads a `run-task`; a slip in it is a fault. */
export function workOf(id: string, payload: Json): Work {
  const { task_group: group, task, function: name, model, parameters, input } = payload;
  const values = (parameters ?? {}) as Json;
  check(group === 'audio', 'task_group');
  check(JSON.stringify(input) === '{}', 'run-task: input');
  check(values.format === 'pcm', `parameters.format: ${String(values.format)}`);
  if (task === 'tts') {
    check(name === 'SpeechSynthesizer' && /^cosyvoice-v\d/.test(String(model)), `${String(name)} of ${String(model)}`);
    check(values.text_type === 'PlainText', 'parameters.text_type');
    check(/^long\w+$/.test(String(values.voice)), `parameters.voice: ${String(values.voice)}`);
    check(values.sample_rate === 24_000, 'parameters.sample_rate');
    for (const [range, [least, most]] of Object.entries(RANGES)) {
      const value = values[range];
      check(
        value === undefined || (Number(value) >= least && Number(value) <= most),
        `parameters.${range}: ${String(value)}`,
      );
    }
    return { id, task, rate: Number(values.rate ?? 1), state: 'starting', text: '', soundBytes: 0 };
  }
  check(task === 'asr' && name === 'recognition', `${String(name)} of a task ${String(task)}`);
  check(/^(?:fun-asr|paraformer)-realtime/.test(String(model)), `model: ${String(model)}`);
  check(values.sample_rate === 16_000, 'parameters.sample_rate');
  const hints = values.language_hints ?? [];
  check(Array.isArray(hints) && hints.every((hint) => /^[a-z]{2,3}$/.test(String(hint))), 'parameters.language_hints');
  return { id, task: 'asr', rate: 1, state: 'starting', text: '', soundBytes: 0 };
}
