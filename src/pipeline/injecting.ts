import type { GateCheck, GateReport } from '#contract/gate.ts';
import type { MediaKind } from '#contract/media.ts';
import type { EmbeddingComponent, LanguageModel } from '#contract/ports.ts';
import type { PromptVectors } from '#contract/prompt-vectors.ts';
import type { Injection } from '#plan/index.ts';

/** A component that is ready, what the gate wrote down of it, and what is checked of everything it makes. */
export interface OpenComponent {
  readonly component: EmbeddingComponent;
  readonly report: GateReport;
  check(vectors: PromptVectors): readonly GateCheck[] | Promise<readonly GateCheck[]>;
}

/** The way of vectors into language models. */
export interface Injecting {
  /** What the gate let in for this kind before this model, or why nothing goes in; `undefined` where no component is set up. Opens nothing. */
  way(kind: MediaKind, model: string): Promise<Injection | string | undefined>;
  /** The component that `way` named. Throws `inject.refused-by-gate` where the model is another than the gate saw. */
  open(kind: MediaKind, model: string, signal: AbortSignal): Promise<OpenComponent>;
  /** The language model of this name that takes vectors among its words. */
  model(name: string, signal: AbortSignal): Promise<LanguageModel>;
  /** What can be checked of vectors that a caller brought for this model. */
  check(vectors: PromptVectors, model: string, signal: AbortSignal): Promise<readonly GateCheck[]>;
}
