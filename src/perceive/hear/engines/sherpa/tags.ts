import { type Emotion, labelled, type SoundEvent } from '../../labels.ts';

/** What SenseVoice says of a piece beside its words. It measures no probability of any of it. */
export interface SenseTags {
  readonly language: string | null;
  readonly emotion: Emotion | null;
  readonly event: SoundEvent | null;
}

const LANGUAGES = ['zh', 'en', 'yue', 'ja', 'ko'];

/**
 * Its tags for sounds (github.com/FunAudioLLM/SenseVoice). `Speech` is no event here: it is what everything heard is. A tag
 * that is not in the list, as `Event_UNK` and `EMO_UNKNOWN`, says nothing.
 */
const EVENTS: Readonly<Record<string, SoundEvent>> = {
  BGM: 'music',
  Applause: 'applause',
  Laughter: 'laughter',
  Cry: 'crying',
  Cough: 'cough',
  Sneeze: 'sneeze',
  Breath: 'breath',
  Sing: 'singing',
  Speech_Noise: 'noise',
};

const EMOTIONS = ['HAPPY', 'SAD', 'ANGRY', 'NEUTRAL', 'FEARFUL', 'DISGUSTED', 'SURPRISED'];

/** Reads the tags before a text: `<|zh|>`, `<|HAPPY|>`, `<|Laughter|>`. */
export function senseTags(told: {
  readonly lang: string;
  readonly emotion: string;
  readonly event: string;
}): SenseTags {
  const language = nameIn(told.lang);
  const emotion = nameIn(told.emotion);
  return {
    language: LANGUAGES.find((known) => known === language) ?? null,
    emotion: EMOTIONS.includes(emotion) ? ((labelled(emotion)?.id ?? null) as Emotion | null) : null,
    event: eventOf(told.event),
  };
}

/** The event a tag tells, also where it stands among the words; `null` for any other token. */
export function eventOf(tag: string): SoundEvent | null {
  return Object.hasOwn(EVENTS, nameIn(tag)) ? (EVENTS[nameIn(tag)] ?? null) : null;
}

/** Whether a token is a tag and no text. */
export function isTag(token: string): boolean {
  return nameIn(token) !== '';
}

function nameIn(tag: string): string {
  return /^<\|(.+)\|>$/.exec(tag.trim())?.[1] ?? '';
}
