import type { SampleCounter } from './counter.ts';

/** A file that holds sound, or may. `mimeType` is sniffed; `name` is for messages. */
export interface SoundFile {
  readonly path: string;
  readonly name: string;
  readonly mimeType: string;
}

/**
 * What the container says before anything is decoded. `declaredMs` is the length it promises, `null` where it promises
 * none or only guesses; `soundMs` is the same for the sound alone, so that a cut can be noticed. `hasPicture` is `null`
 * where only decoding would tell.
 */
export interface Look {
  readonly hasSound: boolean;
  readonly hasPicture: boolean | null;
  readonly declaredMs: number | null;
  readonly soundMs: number | null;
}

/** Turns stored sound into mono float32 at 16 kHz. */
export interface Decoder {
  readonly id: string;
  readonly purpose: string;
  /** Whether it reads this kind of file; says nothing about this very file. */
  takes(mimeType: string): boolean;
  /** Whether what it runs on is here. */
  available(): Promise<boolean>;
  /** Reads the container's head. Throws `media.broken` with the reason when there is no sense in it. */
  look(file: SoundFile, signal: AbortSignal): Promise<Look>;
  /**
   * One pass over the sound in pieces of at most a few seconds, in bounded memory. Counts the samples it meets. Ends early
   * where the file is cut; throws `media.broken` when nothing at all could be decoded.
   */
  decode(file: SoundFile, counter: SampleCounter, signal: AbortSignal): AsyncIterable<Float32Array>;
}
