export { sherpaDiariser } from './diariser.ts';
export { sherpaRecogniser } from './engine.ts';
export type { SherpaKind } from './files.ts';
