import type { ChatMessage } from '#contract/chat.ts';
import { alternate } from '../alternate.ts';
import { type BenchCase, beside } from '../case.ts';
import { PEER_NAMES } from '../peers/peer.ts';
import { askOnce } from '../steps.ts';

const MAX_TOKENS = 96;

// Another question each time, for both sides keep what they computed for a prompt's beginning.
const SUBJECTS = ['an ear', 'an eye', 'a voice', 'a violin', 'a bridge', 'a lighthouse', 'a garden', 'a train'];

export const bench: BenchCase = {
  measures: 'a short question to a loaded model → first token, and the rate from the first token to the last.',
  async run({ engines, peer, runs, signal }) {
    await peer?.ready('ask');
    const model = await engines.model();
    try {
      await model.warm();
      const { ours, peer: theirs } = await alternate(
        runs,
        async (round) => rates(await askOnce(model, question(round), MAX_TOKENS, signal)),
        peer && (async (round) => rates(await peer.ask(question(round), MAX_TOKENS))),
      );
      return [
        { name: 'first token', unit: 's', ours: ours.first, peer: beside(PEER_NAMES.ask, theirs?.first) },
        { name: 'writing', unit: 'tokens/s', ours: ours.rate, peer: beside(PEER_NAMES.ask, theirs?.rate) },
      ];
    } finally {
      await model.close();
    }
  },
};

function question(round: number): ChatMessage[] {
  const subject = SUBJECTS[(round + 1) % SUBJECTS.length];
  return [
    { role: 'system', content: 'You answer in full sentences.' },
    { role: 'user', content: `Explain in six sentences what ${subject} is for and how it works.` },
  ];
}

function rates({ seconds, firstTokenSeconds, tokens }: { seconds: number; firstTokenSeconds: number; tokens: number }) {
  return { first: firstTokenSeconds, rate: (tokens - 1) / (seconds - firstTokenSeconds) };
}
