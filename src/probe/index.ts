export { VOICE_DETECTORS, type VoiceDetectorEntry } from './engines/index.ts';
export { type ProbeOptions, probe } from './probe.ts';
export type { VoiceDetector } from './voice-detector.ts';
