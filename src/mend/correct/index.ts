export { withCandidates } from './candidates.ts';
export { type Doubt, type Heard, heardIn, type Passage, type Place, passagesOf } from './passages.ts';
export { answerTokens, correctionPrompt, languageOf } from './prompt.ts';
export { type Proposal, proposalFrom } from './proposal.ts';
export { type Verified, verified } from './verify.ts';
