import type { SoundFinding } from '#contract/finding.ts';
import type { Loss } from '#contract/loss.ts';
import type { Sound } from '#contract/media.ts';
import type { Recogniser } from '#contract/ports.ts';
import { inOrder } from './cut.ts';

/**
 * A few words in which fillers are written out, by primary language: what a recogniser that continues a text takes for the speaker's style. None is
 * longer than 32 characters: long ones made recognisers lose whole sentences (research/loss.md §2.2).
 */
const HESITANT: Readonly<Record<string, string>> = {
  en: 'Um, uh, so, I-I mean, yeah, hmm.',
  zh: '嗯，呃，就是说，对啊，那个，好吧。',
  de: 'Äh, also, ähm, ich, ich meine.',
  fr: 'Euh, ben, je, je veux dire.',
  ja: 'えーと、あのー、うーん、まあね。',
};

interface Asking {
  readonly sound: Sound;
  readonly finding: SoundFinding;
  readonly prompt?: string | undefined;
}

/**
 * The prompt that asks a recogniser to keep fillers, particles and repetitions, before the caller's own. `language` is the primary tag; where it is `null`
 * the recogniser's own ear is asked first, for a prompt is in one language. What cannot be asked for is noted, and the caller's prompt is all.
 */
export async function verbatimPrompt(
  { sound, finding, prompt }: Asking,
  language: string | null,
  { id, capabilities, identifier }: Recogniser,
  signal: AbortSignal,
  note: (loss: Pick<Loss, 'kind' | 'message'> & Partial<Loss>) => void,
): Promise<string | undefined> {
  const speech = inOrder(finding.speech);
  if (speech.length === 0) return prompt;
  const refuse = (why: string) => {
    const message = `Fillers and repetitions may be left out: ${why}.`;
    note({ kind: 'option-ignored', text: 'verbatim', message, action: 'heard as usual' });
    return prompt;
  };
  if (capabilities.prompt === false) return refuse(`${id} does not heed a prompt`);
  const [told] = language === null && identifier ? await identifier.identify({ sound, speech }, signal) : [];
  const hesitant = HESITANT[language ?? told?.language ?? ''];
  if (hesitant === undefined) return refuse('nobody knows how to ask for them in this language');
  // Recognisers with little room keep the end of a prompt, so the caller's own words come last.
  return [hesitant, prompt ?? ''].join(' ').trim();
}
