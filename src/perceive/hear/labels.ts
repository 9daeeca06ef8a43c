/** A feeling or a sound by its id, with the words for people: an adjective or a noun in lower case. */
export interface LabelNames {
  readonly id: string;
  readonly en: string;
  readonly zh: string;
}

/**
 * How a voice may feel: what emotion2vec+ tells (modelscope: iic/emotion2vec_plus_large), of which Qwen3-ASR and SenseVoice know
 * all but `other` and `unknown`.
 */
const EMOTIONS = {
  angry: { en: 'angry', zh: '愤怒' },
  disgusted: { en: 'disgusted', zh: '厌恶' },
  fearful: { en: 'fearful', zh: '害怕' },
  happy: { en: 'happy', zh: '高兴' },
  neutral: { en: 'neutral', zh: '平静' },
  other: { en: 'another emotion', zh: '其他情绪' },
  sad: { en: 'sad', zh: '难过' },
  surprised: { en: 'surprised', zh: '惊讶' },
  unknown: { en: 'unknown emotion', zh: '情绪不明' },
} as const;

/** What else may be heard: the events SenseVoice tells (github.com/FunAudioLLM/SenseVoice). */
const EVENTS = {
  speech: { en: 'speech', zh: '说话' },
  music: { en: 'music', zh: '音乐' },
  singing: { en: 'singing', zh: '歌声' },
  applause: { en: 'applause', zh: '掌声' },
  laughter: { en: 'laughter', zh: '笑声' },
  crying: { en: 'crying', zh: '哭声' },
  cough: { en: 'cough', zh: '咳嗽' },
  sneeze: { en: 'sneeze', zh: '喷嚏' },
  breath: { en: 'breath', zh: '呼吸声' },
  noise: { en: 'noise', zh: '噪声' },
} as const;

export type Emotion = keyof typeof EMOTIONS;
export type SoundEvent = keyof typeof EVENTS;

/** All ids of feelings and of sounds, in no order that means anything. */
export const EMOTION_IDS = Object.keys(EMOTIONS) as readonly Emotion[];
export const EVENT_IDS = Object.keys(EVENTS) as readonly SoundEvent[];

const NAMES: ReadonlyMap<string, LabelNames> = new Map(
  Object.entries({ ...EMOTIONS, ...EVENTS }).map(([id, names]) => [id, { id, ...names }]),
);

/** The words for a label as recognisers give it (`happy`, `Happy`); `null` for one that is not in the vocabulary. */
export function labelled(id: string): LabelNames | null {
  return NAMES.get(id.trim().toLowerCase()) ?? null;
}
