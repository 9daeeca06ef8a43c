export { arrange } from './arrange.ts';
export { canFit, canMakeFrames } from './can-fit.ts';
export { canMakePages, type PagePicture, pagesOf } from './document/pages.ts';
export { fitMedia } from './fit.ts';
export type { Accepts } from './forms.ts';
export { cropOf } from './picture/crop.ts';
export { clipOf } from './sound/clip.ts';
export { type Frame, framesOf } from './video/frames.ts';
