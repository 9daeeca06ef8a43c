import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { loadConfig } from '#config/index.ts';
import { createModelStore } from '#models/index.ts';
import { loadOnnx } from '#runtime/onnx.ts';

// Kokoro as published against Kokoro as prepared at installation: both loaded in this process, run in turn on the same
// tokens; medians, and how far their sound differs. For scale: how far another voice's sound differs.
// npx tsx --conditions=sensorium-source bench/kokoro-conv.ts [runs]

const RUNS = Number(process.argv[2] ?? 5);
const RATE_HZ = 24_000;
const SENTENCES = [
  'həlˈO ðˈɛɹ.',
  'ðə kwˈɪk bɹˈWn fˈɑks ʤˈʌmps ˌOvəɹ ðə lˈAzi dˈɔɡ, ænd ðɛn hi wˈɔks hˈOm.',
  'ðə mˈiTɪŋ bəɡˈɪnz æt nˈIn ɪn ðə mˈɔɹnɪŋ, ænd ˈɛvɹibˌʌdi hu wˈɑnts tə spˈik ʃʊd bɹˈɪŋ ə ʃˈɔɹt nˈOt, sO ðæt nˈOwˌʌn hæz tə wˈAt.',
];

const { config, home } = loadConfig();
const hf = { endpoint: config.models.huggingfaceEndpoint };
const store = createModelStore({ home, offline: config.offline, sources: config.models.sources, hf });
const folder = await store.ensure('kokoro-82m', { signal: new AbortController().signal });
const { InferenceSession, Tensor } = await loadOnnx();
const options = { intraOpNumThreads: 2, extra: { session: { intra_op: { allow_spinning: '0' } } } };
const published = await InferenceSession.create(join(folder, 'model.onnx'), options);
const prepared = await InferenceSession.create(join(folder, 'model-float-conv.onnx'), options);
const { vocab } = JSON.parse(await readFile(join(folder, 'vocab.json'), 'utf8')) as { vocab: Record<string, number> };

async function speak(session: typeof published, phonemes: string, voice: string) {
  const tokens = [...phonemes].flatMap((symbol) => vocab[symbol] ?? []);
  const rows = new Float32Array(new Uint8Array(await readFile(join(folder, 'voices', `${voice}.bin`))).buffer);
  const feeds = {
    tokens: new Tensor('int64', BigInt64Array.from([0, ...tokens, 0], BigInt), [1, tokens.length + 2]),
    style: new Tensor('float32', rows.slice((tokens.length - 1) * 256, tokens.length * 256), [1, 256]),
    speed: new Tensor('float32', [1], [1]),
  };
  const startedMs = performance.now();
  const outputs = await session.run(feeds);
  return { ms: performance.now() - startedMs, pcm: outputs.audio?.data as Float32Array };
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Levels in dB of 32 bands, equally wide in octaves from 100 Hz, every 20 ms; naive, as it is short. */
function spectrum(pcm: Float32Array): number[][] {
  const window = 1024;
  const frames: number[][] = [];
  const centres = Array.from({ length: 32 }, (_, band) => 100 * 2 ** (band / 5));
  for (let at = 0; at + window <= pcm.length; at += RATE_HZ / 50) {
    frames.push(
      centres.map((hz) => {
        let [re, im] = [0, 0];
        for (let i = 0; i < window; i += 1) {
          const value = (pcm[at + i] ?? 0) * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / window));
          re += value * Math.cos((2 * Math.PI * hz * i) / RATE_HZ);
          im += value * Math.sin((2 * Math.PI * hz * i) / RATE_HZ);
        }
        return 10 * Math.log10((re * re + im * im) / window + 1e-7);
      }),
    );
  }
  return frames;
}

/** Mean difference of two sounds' average spectra, in dB. */
function timbreDistanceDb(a: Float32Array, b: Float32Array): number {
  const average = (frames: number[][]) =>
    Array.from({ length: 32 }, (_, band) => frames.reduce((sum, frame) => sum + (frame[band] ?? 0), 0) / frames.length);
  const [left, right] = [average(spectrum(a)), average(spectrum(b))];
  return left.reduce((sum, level, band) => sum + Math.abs(level - (right[band] ?? 0)), 0) / 32;
}

console.log('symbols  sound s  published RTF  prepared RTF  ratio  lengths equal  differs dB  another voice dB');
for (const phonemes of SENTENCES) {
  const [before, after] = [await speak(published, phonemes, 'af_heart'), await speak(prepared, phonemes, 'af_heart')];
  const other = await speak(published, phonemes, 'af_bella');
  const times = { published: [] as number[], prepared: [] as number[] };
  for (let run = 0; run < RUNS; run += 1) {
    times.published.push((await speak(published, phonemes, 'af_heart')).ms);
    times.prepared.push((await speak(prepared, phonemes, 'af_heart')).ms);
  }
  const soundMs = (before.pcm.length / RATE_HZ) * 1000;
  const [slow, fast] = [median(times.published), median(times.prepared)];
  console.log(
    [
      String([...phonemes].length).padEnd(8),
      (soundMs / 1000).toFixed(2).padEnd(8),
      (slow / soundMs).toFixed(3).padEnd(14),
      (fast / soundMs).toFixed(3).padEnd(13),
      (fast / slow).toFixed(2).padEnd(6),
      String(before.pcm.length === after.pcm.length).padEnd(14),
      timbreDistanceDb(before.pcm, after.pcm).toFixed(2).padEnd(11),
      timbreDistanceDb(before.pcm, other.pcm).toFixed(2),
    ].join(' '),
  );
}
