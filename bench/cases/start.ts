import { nowMs } from '#kit/clock.ts';
import { RECOGNISERS } from '#perceive/index.ts';
import { alternate } from '../alternate.ts';
import { type BenchCase, type BenchContext, beside, type Figure } from '../case.ts';
import { PEER_NAMES, PEER_PARTS, type Peer, type PeerPart } from '../peers/peer.ts';
import { processTree, residentMiB } from '../processes.ts';
import { askOnce, hearOnce, speakOnce } from '../steps.ts';

export const bench: BenchCase = {
  measures: 'nothing is loaded → a new process has loaded one model and given its first result; and its memory then.',
  async run(context) {
    const figures: Figure[] = [];
    for (const part of PEER_PARTS) {
      const { freshPeer } = context;
      const { ours, peer } = await alternate(
        context.runs,
        () => startOurs(part, context),
        freshPeer && (() => startTheirs(part, freshPeer(), context)),
      );
      figures.push(
        { name: `${part}, first result`, unit: 's', ours: ours.seconds, peer: beside(PEER_NAMES[part], peer?.seconds) },
        { name: `${part}, memory`, unit: 'MiB', ours: ours.memory, peer: beside(PEER_NAMES[part], peer?.memory) },
      );
    }
    return figures;
  },
};

type Closable = { close(): Promise<void> };

async function startOurs(part: PeerPart, context: BenchContext) {
  const others = (await processTree(process.pid)).keys();
  const opened: Closable[] = [];
  const startedMs = nowMs();
  try {
    await OURS[part](context, opened);
    return { seconds: (nowMs() - startedMs) / 1000, memory: await residentMiB(process.pid, others) };
  } finally {
    await Promise.all(opened.map((engine) => engine.close()));
  }
}

async function startTheirs(part: PeerPart, peer: Peer, context: BenchContext) {
  const startedMs = nowMs();
  try {
    await peer.ready(part);
    await THEIRS[part](peer, context);
    return { seconds: (nowMs() - startedMs) / 1000, memory: await residentMiB(peer.pid) };
  } finally {
    await peer.close();
  }
}

const MESSAGES = [{ role: 'user', content: 'Say hello.' }] as const;
const SENTENCES = ['Hello there.'];

const OURS: Readonly<Record<PeerPart, (context: BenchContext, opened: Closable[]) => Promise<unknown>>> = {
  async hear({ engines, recording, signal }, opened) {
    const detector = await engines.detector();
    const recogniser = await engines.recogniser(RECOGNISERS[0]?.id ?? '');
    opened.push(detector, recogniser);
    return hearOnce(recogniser, detector, recording, signal);
  },
  async ask({ engines, signal }, opened) {
    const model = await engines.model();
    opened.push(model);
    return askOnce(model, MESSAGES, 1, signal);
  },
  async speak({ engines, signal }, opened) {
    const engine = await engines.speech();
    opened.push(engine);
    return speakOnce(engine, SENTENCES, signal);
  },
};

const THEIRS: Readonly<Record<PeerPart, (peer: Peer, context: BenchContext) => Promise<unknown>>> = {
  hear: (peer, { recording }) => peer.hear(recording.file, recording.language),
  ask: (peer) => peer.ask(MESSAGES, 1),
  speak: (peer, { tokensOf }) => peer.speak(tokensOf(SENTENCES)),
};
