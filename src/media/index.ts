export type { Decoder, Look, SoundFile } from './decoder.ts';
export { DECODERS } from './engines/index.ts';
export { type MediaInput, plainName, takeInput } from './input.ts';
export { type Spool, type SpoolOptions, spool } from './spool.ts';
export { type MediaLimits, type TakeOptions, takeMedia } from './take.ts';
