export { enrich } from './enrich.ts';
export { plainTextOf, withoutMarks } from './grammar.ts';
export { marksFor } from './marks.ts';
export { type ParticleCount, particlesIn } from './particles.ts';
export { type Frames, framesOf } from './prosody/frames.ts';
