export type { Decoder, Look, SoundFile } from './decoder.ts';
export { DECODERS } from './engines/index.ts';
export { type MediaInput, takeInput } from './input.ts';
export { type MediaLimits, type TakeOptions, takeMedia } from './take.ts';
