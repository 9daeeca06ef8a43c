export { type Glossary, type GlossaryOptions, openGlossary } from './glossary.ts';
export { hotwords } from './hotwords.ts';
export { parseTerms, type Term } from './terms.ts';
