export {
  answerTokens,
  correctionPrompt,
  type Doubt,
  heardIn,
  languageOf,
  type Passage,
  passagesOf,
  proposalFrom,
  type Verified,
  verified,
  withCandidates,
} from './correct/index.ts';
export { aroundMarks, joinEdits } from './edits/index.ts';
export { type Clip, type Crop, clipSays, clipsFor, cropSays, cropsFor } from './escalate/index.ts';
export {
  applyEdits,
  type Gated,
  type GateOptions,
  gate,
  type Refusal,
  type RefusedEdit,
} from './gate/index.ts';
export { type GlossData, glossEdits, glossed, openGlossData } from './gloss/index.ts';
export {
  type Glossary,
  type GlossaryOptions,
  hotwords,
  openGlossary,
  parseTerms,
  type Term,
} from './glossary/index.ts';
