import type { Recogniser } from '#contract/ports.ts';
import { RECOGNISERS } from '#perceive/index.ts';
import type { VoiceDetector } from '#probe/index.ts';
import { alternate } from '../alternate.ts';
import { type BenchCase, type BenchContext, beside, type Figure } from '../case.ts';
import { PEER_NAMES } from '../peers/peer.ts';
import { hearOnce } from '../steps.ts';

export const bench: BenchCase = {
  measures:
    'a recording in a file → its words: decoding, finding the voice and hearing; and hearing alone. Models are loaded.',
  async run(context) {
    await context.peer?.ready('hear');
    const detector = await context.engines.detector();
    const figures: Figure[] = [];
    try {
      for (const { id, capabilities } of RECOGNISERS) {
        if (capabilities.languages !== 'any' && !capabilities.languages.includes(context.recording.language)) continue;
        const recogniser = await context.engines.recogniser(id);
        try {
          figures.push(...(await compare(recogniser, detector, context)));
        } finally {
          await recogniser.close();
        }
      }
    } finally {
      await detector.close();
    }
    return figures;
  },
};

async function compare(recogniser: Recogniser, detector: VoiceDetector, context: BenchContext): Promise<Figure[]> {
  const { peer, recording, runs, signal, log } = context;
  let audioSeconds = Number.NaN;
  const { ours, peer: theirs } = await alternate(
    runs,
    async (round) => {
      const heard = await hearOnce(recogniser, detector, recording, signal);
      if (round < 0) log(`  ${recogniser.id}: ${heard.text}`);
      audioSeconds = heard.audioSeconds;
      return { whole: heard.seconds, hearing: heard.hearingSeconds };
    },
    peer &&
      (async (round) => {
        const { seconds, decodeSeconds, text } = await peer.hear(recording.file, recording.language);
        if (round < 0) log(`  ${PEER_NAMES.hear}: ${text}`);
        return { whole: decodeSeconds + seconds, hearing: seconds };
      }),
  );
  const name = PEER_NAMES.hear;
  const factor = (values: readonly number[]) => values.map((seconds) => seconds / audioSeconds);
  return [
    {
      name: `${recogniser.id}, hearing alone`,
      unit: 's',
      ours: ours.hearing,
      peer: beside(name, theirs?.hearing),
      goal: '≤ 0.9',
    },
    { name: `${recogniser.id}, file to words`, unit: 's', ours: ours.whole, peer: beside(name, theirs?.whole) },
    {
      name: `${recogniser.id}, file to words`,
      unit: 'RTF',
      ours: factor(ours.whole),
      peer: beside(name, theirs && factor(theirs.whole)),
    },
  ];
}
