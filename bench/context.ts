import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '#config/index.ts';
import { openSensorium } from '#pipeline/index.ts';
import type { BenchContext, Recording } from './case.ts';
import { ggufOf, prepareEngines } from './engines.ts';
import { type Binding, type PeerModels, startPeer } from './peers/peer.ts';
import { setUpPeers } from './peers/setup.ts';
import { prepareTokens } from './phonemes.ts';
import { processTree } from './processes.ts';

/** As many for every model on either side, whatever the machine has. */
const THREADS = 2;
const VOICE_FILE = 'af_heart.bin';

/** Recordings tried in this order; the first is 11 s of English, kept beside the repository with the other real recordings. */
const RECORDINGS: readonly Recording[] = [
  {
    file: fileURLToPath(new URL('../../shared/data/audio/en_jfk.wav', import.meta.url)),
    language: 'en',
    question: 'What does he ask the listeners to do?',
  },
  {
    file: fileURLToPath(new URL('../examples/question.wav', import.meta.url)),
    language: 'en',
    question: null,
  },
];

export interface BenchSettings {
  readonly runs: number;
  readonly peers: boolean;
  readonly binding: Binding;
  readonly recording?: string | undefined;
  readonly language: string;
  readonly question?: string | undefined;
}

/** Opens what the cases share: our library, our engines, and the Python peer if it is asked for. */
export async function openBench(settings: BenchSettings, signal: AbortSignal, log: (line: string) => void) {
  const toolPids = [...(await processTree(process.pid)).keys()].filter((pid) => pid !== process.pid);
  const loaded = loadConfig({ threads: THREADS });
  const sensorium = openSensorium(loaded);
  const store = sensorium.models;
  let freshPeer: BenchContext['freshPeer'];
  if (settings.peers) {
    const gguf = await ggufOf(loaded.config, store, signal);
    if (!gguf) throw new Error(`${loaded.config.ask.model} runs elsewhere; the peers need a model of this machine.`);
    const whisper = await store.ensure('whisper-base-ctranslate2', { signal });
    const kokoro = await store.ensure('kokoro-82m', { signal });
    const python = await setUpPeers(settings.binding, log, signal);
    const models: PeerModels = {
      hear: { threads: THREADS, whisper },
      ask: { threads: THREADS, gguf, engine: settings.binding },
      speak: { threads: THREADS, kokoro: join(kokoro, 'model.onnx'), voice: join(kokoro, 'voices', VOICE_FILE) },
    };
    freshPeer = () => startPeer(python, models, signal);
  }
  const peer = freshPeer?.();
  const context: BenchContext = {
    runs: settings.runs,
    signal,
    recording: chooseRecording(settings),
    sensorium,
    engines: prepareEngines(loaded, store, THREADS, signal),
    peer,
    freshPeer,
    tokensOf: peer ? await prepareTokens(store, signal) : () => [],
    toolPids,
    log,
  };
  return {
    context,
    async close() {
      await Promise.all([sensorium.close(), peer?.close()]);
    },
  };
}

function chooseRecording({ recording, language, question }: BenchSettings): Recording {
  if (recording) return { file: recording, language, question: question ?? null };
  const found = RECORDINGS.find(({ file }) => existsSync(file));
  if (!found) throw new Error('There is no recording to hear; give one with --recording FILE.');
  return { ...found, ...(question ? { question } : {}) };
}
