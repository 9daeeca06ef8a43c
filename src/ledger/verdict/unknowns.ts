import type { Facts, Judged } from './facts.ts';
import type { Phrases, Unknown } from './phrases.ts';

/** What nobody measured although it could have been lost here, in short. */
export function unknownsOf(facts: Facts, { loss }: Judged, say: Phrases): string[] {
  const { accuracy, conversion, model } = loss;
  const { isHeard, isRead, isWatched } = facts;
  const open: readonly (readonly [Unknown, boolean])[] = [
    ['errorRate', (isHeard || isRead) && accuracy.errorRate.value === null],
    ['deletedChars', isHeard && accuracy.deletedChars.value === null],
    ['hallucination', isHeard && accuracy.hallucination.value === null],
    ['particles', isHeard && facts.mayHaveParticles && conversion.particleSlotsUnfilled.value === null],
    ['prosody', isHeard && conversion.prosody.value === null],
    ['questions', isHeard && conversion.questionIntonation.value === null],
    ['emotion', isHeard && conversion.emotion.value === null],
    ['written', isRead && conversion.regionsUnread.value === null],
    ['timeUnseen', isWatched && conversion.timeUnseen.value === null],
    ['tokenizer', (isHeard || isRead) && model.tokenizer === null],
    ['rareCharacters', (isHeard || isRead) && model.tokenizer !== null && model.rareCharacters.value === null],
    ['homophones', isHeard && model.homophones.value === null],
  ];
  return open.flatMap(([name, isOpen]) => (isOpen ? [say.unknown[name]] : []));
}
