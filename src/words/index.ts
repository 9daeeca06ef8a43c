export { atLeast, type Likeness, likeness, likenessOfReadings, nearKeys } from './near.ts';
export { type Reading, reading, readingsOf, type Sound, soundsOf } from './pinyin.ts';
export { countedIn, type ParticleCount, particlesIn } from './particles.ts';
