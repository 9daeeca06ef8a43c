import type { Answer } from '#contract/answer.ts';
import { isSensoriumError } from '#contract/error.ts';
import type { TextEdit } from '#contract/perception.ts';
import type { LanguageModel } from '#contract/ports.ts';
import {
  answerTokens,
  correctionPrompt,
  type GateOptions,
  languageOf,
  type Passage,
  proposalFrom,
  verified,
  withCandidates,
} from '#mend/index.ts';
import type { Trip } from './trip.ts';

/** What came of asking a model about doubtful places. Edits count in the text it was asked about; `why` says what kept it from going on. */
export interface Corrected {
  readonly edits: readonly TextEdit[];
  readonly refused: Readonly<Record<string, number>>;
  readonly charactersDeleted: number;
  readonly particlesDeleted: number;
  readonly places: number;
  readonly answers: readonly Answer[];
  readonly why: string | null;
}

export interface Correcting {
  readonly questions: readonly (readonly Passage[])[];
  readonly terms: readonly string[];
  readonly gate: GateOptions;
  readonly seconds: number;
  readonly onAnswer: (done: number) => void;
}

/**
 * Asks a language model question by question what the doubtful places should be, and keeps what holds. A model that fails, refuses or takes
 * too long leaves the rest as it was; only being cancelled throws.
 */
export async function correctPlaces(
  { questions, terms, gate, seconds, onAnswer }: Correcting,
  model: () => Promise<LanguageModel>,
  trip: Trip,
): Promise<Corrected> {
  const edits: TextEdit[] = [];
  const answers: Answer[] = [];
  const refused: Record<string, number> = {};
  let [charactersDeleted, particlesDeleted] = [0, 0];
  let why: string | null = null;
  const limit = AbortSignal.timeout(seconds * 1000);
  const signal = AbortSignal.any([trip.signal, limit]);
  const places = questions.flat().reduce((sum, passage) => sum + passage.places.length, 0);
  try {
    const corrector = await model();
    for (const [index, asked] of questions.entries()) {
      const passages = withCandidates(asked, gate.dictionary ?? null);
      const answer = await answerOf(passages, terms, corrector, signal);
      answers.push(answer);
      onAnswer(index + 1);
      const proposal = proposalFrom(answer.text, passages);
      if (proposal === null) {
        why = `${corrector.id} gave no answer that could be read as a correction.`;
        continue;
      }
      const found = verified(passages, proposal, gate);
      edits.push(...found.edits);
      for (const [reason, count] of Object.entries(found.refused)) refused[reason] = (refused[reason] ?? 0) + count;
      charactersDeleted += found.charactersDeleted;
      particlesDeleted += found.particlesDeleted;
    }
  } catch (error) {
    if (trip.signal.aborted) throw error;
    why = limit.aborted ? `It took longer than ${seconds} s.` : isSensoriumError(error) ? error.message : 'It failed.';
  }
  edits.sort((a, b) => a.start - b.start);
  return { edits, refused, charactersDeleted, particlesDeleted, places, answers, why };
}

async function answerOf(
  passages: readonly Passage[],
  terms: readonly string[],
  model: LanguageModel,
  signal: AbortSignal,
): Promise<Answer> {
  const language = languageOf(passages.map(({ text }) => text).join(''));
  const messages = correctionPrompt(passages, language, terms);
  const request = { messages, temperature: 0, maxTokens: answerTokens(passages), stream: false };
  // What this model cannot heed is no loss of what the request brought.
  for await (const event of model.ask(request, { signal, note: () => {} })) {
    if (event.kind === 'answer-end') return event.answer;
  }
  throw new Error(`${model.id} ended without an answer.`);
}
