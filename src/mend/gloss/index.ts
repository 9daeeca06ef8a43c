export { glossEdits, glossed } from './gloss.ts';
export { type GlossData, openGlossData } from './gloss-data.ts';
