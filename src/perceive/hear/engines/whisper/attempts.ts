import type { Decoded } from './decode.ts';

/** Limits of Whisper's reference code (openai/whisper, transcribe.py). */
const TEMPERATURES = [0, 0.2, 0.4, 0.6, 0.8, 1];
const MOST_COMPRESSION = 2.4;
const LEAST_LOGPROB = -1;
const MOST_NO_SPEECH = 0.6;
/**
 * The model is surer than that of silence (0.88 to 0.96) than of the quietest speech (0.56), and then a text needs to be only this
 * improbable (docs/decisions/2026-11-26-whisper.md).
 */
const SURE_NO_SPEECH = 0.8;
const SURE_LOGPROB = -0.3;

/** An attempt and how well its text compresses: bytes over compressed bytes. */
export interface Attempt {
  readonly decoded: Decoded;
  readonly compressionRatio: number;
  readonly temperature: number;
}

/** Whether there is most probably no speech: the model says so, and its text is improbable. */
export function isNoSpeech(noSpeech: number, { meanLogprob }: Pick<Decoded, 'meanLogprob'>): boolean {
  if (noSpeech > SURE_NO_SPEECH) return meanLogprob < SURE_LOGPROB;
  return noSpeech > MOST_NO_SPEECH && meanLogprob < LEAST_LOGPROB;
}

/**
 * Tries rising temperatures until a text neither repeats itself nor is improbable, and gives that; where none is, the most
 * probable of those that do not repeat themselves, or of all. Gives up at once, with `null`, where there is no speech.
 */
export async function firstGood(
  attempt: (temperature: number) => Promise<Attempt>,
  noSpeech: number,
): Promise<Attempt | null> {
  const tried: Attempt[] = [];
  for (const temperature of TEMPERATURES) {
    const made = await attempt(temperature);
    if (isNoSpeech(noSpeech, made.decoded)) return null;
    tried.push(made);
    if (!repeats(made) && made.decoded.meanLogprob >= LEAST_LOGPROB) return made;
  }
  const sound = tried.filter((made) => !repeats(made));
  return (sound.length > 0 ? sound : tried).reduce((best, made) =>
    made.decoded.meanLogprob > best.decoded.meanLogprob ? made : best,
  );
}

function repeats({ decoded, compressionRatio }: Attempt): boolean {
  return decoded.looped || compressionRatio > MOST_COMPRESSION;
}
