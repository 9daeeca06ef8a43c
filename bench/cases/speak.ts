import { alternate } from '../alternate.ts';
import { type BenchCase, beside, type Figure } from '../case.ts';
import { PEER_NAMES } from '../peers/peer.ts';
import { speakOnce } from '../steps.ts';

const TEXTS = [
  { name: 'two words', sentences: ['Hello there.'] },
  { name: 'one sentence', sentences: ['He asks them what they can do for their country.'] },
  {
    name: 'a paragraph',
    sentences: [
      'He speaks to his fellow citizens about what they owe to one another.',
      'They should not wait for their country to do something for them.',
      'Instead, each of them should ask what they can do for it.',
      'That is what he wants the listeners to remember.',
    ],
  },
];

export const bench: BenchCase = {
  measures:
    'prepared sentences → sound, with a loaded model; the peer is given our token ids, so it has no phonemes to find.',
  async run({ engines, peer, runs, signal, tokensOf, log }) {
    await peer?.ready('speak');
    const engine = await engines.speech();
    const figures: Figure[] = [];
    try {
      await engine.warm();
      for (const { name, sentences } of TEXTS) {
        const tokens = tokensOf(sentences);
        const { ours, peer: theirs } = await alternate(
          runs,
          async () => factors(await speakOnce(engine, sentences, signal)),
          peer && (async () => factors(await peer.speak(tokens))),
        );
        log(
          `  ${name}: ${ours.audio.at(-1)?.toFixed(1)} s of sound, the peer's ${theirs?.audio.at(-1)?.toFixed(1) ?? '–'} s`,
        );
        const python = PEER_NAMES.speak;
        figures.push(
          { name, unit: 's', ours: ours.time, peer: beside(python, theirs?.time), goal: '≤ 1.1' },
          { name, unit: 'RTF', ours: ours.factor, peer: beside(python, theirs?.factor) },
        );
      }
    } finally {
      await engine.close();
    }
    return figures;
  },
};

function factors({ seconds, audioSeconds }: { seconds: number; audioSeconds: number }) {
  return { time: seconds, audio: audioSeconds, factor: seconds / audioSeconds };
}
