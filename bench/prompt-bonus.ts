import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '#config/index.ts';
import { editDistance } from '#kit/edits.ts';
import { takeMedia } from '#media/index.ts';
import { noisy } from '#perceive/hear/__fixtures__/noise.ts';
import { type DataRow, dataPath, dataRows } from '#perceive/hear/__fixtures__/sound.ts';
import { decode, encode, type Moonshine } from '#perceive/hear/engines/moonshine/decode.ts';
import { FILES, ID } from '#perceive/hear/engines/moonshine/model.ts';
import { promptWords, readTokeniser } from '#perceive/hear/engines/moonshine/prompt.ts';
import { readVocabulary } from '#perceive/hear/engines/moonshine/vocabulary.ts';
import { readPieces } from '#perceive/hear/pieces.ts';
import { openSensorium } from '#pipeline/index.ts';
import { probe, VOICE_DETECTORS } from '#probe/index.ts';
import { loadOnnx } from '#runtime/onnx.ts';
import { openWav } from '#speak/index.ts';
import { modelFolder } from '../test/model-folder.ts';
import { scoringWords } from '../test/word-errors.ts';

// What the words of a prompt do to hearing, for several bonuses (in nats): word errors without a prompt, with the words that
// are said, with only words that are not, and with both. Real recordings, clean and with noise; sentences full of names,
// spoken by Kokoro.
// npx tsx --conditions=sensorium-source bench/prompt-bonus.ts [bonus …]

const BONUSES = process.argv.slice(2).map(Number);
const SPOKEN: readonly (readonly [voice: string, text: string])[] = [
  ['af_heart', 'Please ask Siobhan Gallagher to call the office in Kilkenny before noon.'],
  ['am_michael', 'We deploy the service on Kubernetes and keep the metrics in Prometheus.'],
  ['bf_emma', 'The patient takes metoprolol and atorvastatin every morning.'],
  ['bm_george', 'Doctor Nguyen will meet Professor Kowalski at the Wittgenstein lecture.'],
  ['af_bella', 'The recording was made with Moonshine and Kokoro on a Raspberry Pi.'],
  ['am_adam', 'Ludmila Petrova moved from Vladivostok to Reykjavik last year.'],
  ['bf_emma', 'The glacier at Vatnajokull has lost two metres since August.'],
  ['af_heart', 'Her thesis compares Schopenhauer with Kierkegaard and Nagarjuna.'],
  ['am_michael', 'Run the query in PostgreSQL, then push the result to Redis.'],
  ['bm_george', 'Mister Okonkwo ordered three bottles of Gewurztraminer.'],
  ['af_bella', 'The surgeon described a laparoscopic cholecystectomy in detail.'],
  ['am_adam', 'Aoife and Tadhg live near the harbour in Dun Laoghaire.'],
  ['af_heart', 'The quartet will play Dvorak, Sibelius and a short piece by Szymanowski.'],
  ['bf_emma', 'The soil there is rich in kaolinite and feldspar.'],
  ['am_michael', 'Thanks to Tomasz, the Terraform module now supports Hetzner.'],
  ['bm_george', 'They saw an archaeopteryx in the museum at Eichstatt.'],
];
const LIMITS = { maxMs: 15_000, maxPauseMs: 2_000, padMs: 300 };

interface Clip {
  readonly text: string;
  readonly kind: 'real' | 'spoken';
  readonly pieces: readonly Float32Array[];
}

interface Sound extends Clip {
  readonly snrDb: number | null;
  readonly encoded: readonly { readonly hidden: Awaited<ReturnType<typeof encode>>; readonly seconds: number }[];
}

const { signal } = new AbortController();
const note = () => {};
const modelDir = await modelFolder(ID);
const { InferenceSession, Tensor } = await loadOnnx();
const options = { intraOpNumThreads: 1, logSeverityLevel: 3 } as const;
const decoder = await InferenceSession.create(join(modelDir, FILES.decoder), options);
let steps = 0;
const counting = ((...step: Parameters<typeof decoder.run>) => {
  steps += 1;
  return decoder.run(...step);
}) as typeof decoder.run;
const model: Moonshine = {
  encoder: await InferenceSession.create(join(modelDir, FILES.encoder), options),
  decoder: Object.assign(Object.create(decoder), { run: counting }),
  vocabulary: await readVocabulary(join(modelDir, FILES.tokenizer)),
  follows: false,
  Tensor,
};
const tokenise = await readTokeniser(join(modelDir, FILES.tokenizer));

const detector = await VOICE_DETECTORS[0].create(await modelFolder(VOICE_DETECTORS[0].model));
const clips = [...(await realClips()), ...(await spokenClips())];
await detector.close();

const sounds: Sound[] = [];
for (const clip of clips) {
  for (const snrDb of clip.kind === 'real' ? [null, 10, 5, 0] : [null, 10]) {
    const encoded = [];
    for (const piece of clip.pieces) {
      encoded.push({ hidden: await encode(model, noisy(piece, snrDb)), seconds: piece.length / 16_000 });
    }
    sounds.push({ ...clip, snrDb, encoded });
  }
}
console.log(`${clips.length} clips, ${sounds.length} with noise; word errors at each signal-to-noise ratio`);
await row(null, 'none');
for (const bonus of BONUSES.length > 0 ? BONUSES : [2, 3, 4, 5, 6]) {
  for (const prompt of ['said', 'not said', 'both'] as const) await row(bonus, prompt);
}

async function row(bonus: number | null, prompt: 'none' | 'said' | 'not said' | 'both'): Promise<void> {
  steps = 0;
  const errors = new Map<string, { wrong: number; words: number }>();
  for (const sound of sounds) {
    const said = scoringWords(sound.text);
    const others = clips
      .flatMap((clip) => clip.text.split(' '))
      .filter((word) => !scoringWords(word).some((one) => said.includes(one)));
    const chosen = prompt === 'said' ? [sound.text] : prompt === 'both' ? [sound.text, ...others] : others;
    const words = bonus === null ? undefined : promptWords(chosen.join(' '), tokenise, bonus);
    const heard: string[] = [];
    for (const { hidden, seconds } of sound.encoded) {
      const maxTokens = Math.max(8, Math.ceil(seconds * 6.5));
      const { tokens } = await decode(model, hidden, { maxTokens, mayEndAtOnce: true, words }, signal);
      heard.push(Buffer.concat(tokens.map(({ id }) => model.vocabulary[id] ?? new Uint8Array())).toString());
    }
    const wrong = editDistance(said, scoringWords(heard.join(' ')));
    for (const key of [sound.kind, `${sound.kind} ${sound.snrDb ?? 'clean'}`]) {
      const sum = errors.get(key) ?? { wrong: 0, words: 0 };
      errors.set(key, { wrong: sum.wrong + wrong, words: sum.words + said.length });
    }
  }
  const figures = [...errors].map(([key, { wrong, words }]) => `${key} ${wrong}/${words}`).join('  ');
  console.log(`bonus ${String(bonus ?? '–').padEnd(3)} ${prompt.padEnd(9)} ${figures}  ${steps} steps of the decoder`);
}

async function realClips(): Promise<Clip[]> {
  const rows = (dataRows() ?? []).filter((one: DataRow) => one.lang === 'en' && one.file.startsWith('audio/'));
  const real: Clip[] = [];
  for (const { file, text, labels } of rows) {
    real.push({ text: labels.normalized_text ?? text ?? '', kind: 'real', pieces: await piecesOf(dataPath(file)) });
  }
  return real;
}

async function spokenClips(): Promise<Clip[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sensorium-spoken-'));
  const sensorium = openSensorium(loadConfig());
  const spoken: Clip[] = [];
  try {
    for (const [voice, text] of SPOKEN) {
      const path = join(folder, `${spoken.length}.wav`);
      const wav = await openWav(path);
      for await (const event of sensorium.say({ text, voice, speed: 1 })) {
        if (event.kind === 'speech-chunk') await wav.write(event.pcm, event.sampleRateHz);
      }
      await wav.finish();
      spoken.push({ text, kind: 'spoken', pieces: await piecesOf(path) });
    }
  } finally {
    await sensorium.close();
    await rm(folder, { recursive: true });
  }
  return spoken;
}

async function piecesOf(path: string): Promise<Float32Array[]> {
  const part = await takeMedia({ kind: 'path', path }, { part: 'part-1', signal, note });
  const finding = await probe(part, { detector, signal, note });
  if (!part.sound || finding.kind !== 'sound') throw new Error('A clip has no sound.');
  const pieces: Float32Array[] = [];
  for await (const piece of readPieces(part.sound, finding.speech, LIMITS, signal)) pieces.push(piece.samples);
  await part.close();
  return pieces;
}
