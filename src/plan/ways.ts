import type { Known, ModelCapabilities } from '#contract/capabilities.ts';
import { evidenceFor } from '#contract/capabilities.ts';
import type { Media } from '#contract/media.ts';
import type { Alternative } from '#contract/plan.ts';

/**
 * What can turn one part into text here. `latencyMs` is how long it took for such parts before, `null` before that. `only` is
 * there where it tells a part of the whole: `its sound`, `the writing in it`.
 */
export interface Converter {
  readonly engine: string;
  readonly costUsd: number | null;
  readonly latencyMs?: number | null | undefined;
  readonly only?: string | undefined;
}

/** What can make vectors of one part for the model, as the gate saw it. */
export interface Injection {
  readonly component: string;
  /** In words, for the plan: `0.74 [0.66, 0.82] of what text tells`. */
  readonly told: string;
  /** Shown not to tell the model less than text does, on the same items. */
  readonly asGoodAsText: boolean;
}

/** What can be done with one part here. All of it is data, so that a plan can be made again from what it was made of. */
export interface Ways {
  /** What can turn it into text; `null` where nothing can. */
  readonly converter: Converter | null;
  /** Whether it can be handed to the model, perhaps changed to fit; else why not, as a clause. */
  readonly handOver: true | string;
  /** Whether frames of it can be made and handed over as pictures; else why not, as a clause. */
  readonly frames: true | string;
  /** Whether pages of it can be handed over as pictures; else why not, as a clause. */
  readonly pages?: true | string | undefined;
  /** It has sound that can be heard apart from its pictures. */
  readonly hasSound: boolean;
  /** What makes vectors of it that the gate lets into this model; else why nothing does, as a sentence. Left out: nobody has looked. */
  readonly injection?: Injection | string | undefined;
  /** What makes the text that can go along with a native part; `null` where nothing does. */
  readonly beside: string | null;
  /** The time to the model's first word for such parts before, handed over natively; `null` before that. */
  readonly nativeLatencyMs?: number | null | undefined;
}

export interface Model {
  readonly id: string;
  readonly capabilities: ModelCapabilities;
}

/** A way in, with what tells its sentence apart from others. */
export interface Way extends Alternative {
  readonly why:
    | 'takes'
    | 'frames'
    | 'pages'
    | 'trial'
    | 'unknown'
    | 'refuses'
    | 'no-form'
    | 'is-text'
    | 'converts'
    | 'no-converter'
    | 'no-gate'
    | 'no-embeddings'
    | 'injects';
}

/** The three ways for one part, native first. */
export function waysFor(media: Media, ways: Ways, model: Model): readonly [Way, Way, Way] {
  return [native(media, ways, model), text(media, ways), embedding(media, ways, model)];
}

function native(media: Media, { handOver, frames, pages }: Ways, { id, capabilities }: Model): Way {
  const way = (feasible: Known, why: Way['why'], reason: string): Way => ({ route: 'native', feasible, why, reason });
  const { kind } = media;
  const takes = capabilities.input[kind];
  if (!takes && kind === 'video' && capabilities.input.image === true) {
    return frames === true
      ? way(true, 'frames', `${id} takes no video but sees pictures, so it is given frames of it.`)
      : way(false, 'no-form', `${id} takes no video but sees pictures, and ${frames}.`);
  }
  if (!takes && kind === 'document' && capabilities.input.image === true && pages === true) {
    return way(true, 'pages', `${id} takes no document but sees pictures, so it is given pictures of its pages.`);
  }
  if (!takes) {
    return way(false, 'refuses', `${id} does not take ${kind} (${evidenceFor(capabilities, `input.${kind}`).source}).`);
  }
  if (handOver !== true) {
    return way(false, 'no-form', `${takes === 'unknown' ? `${id} may take` : `${id} takes`} ${kind}, but ${handOver}.`);
  }
  return takes === 'unknown'
    ? way('unknown', 'unknown', `Nobody has established whether ${id} takes ${kind}.`)
    : way(true, 'takes', `${id} takes ${kind} itself, so nothing is lost before the model.`);
}

function text({ kind }: Media, { converter }: Ways): Way {
  const way = (feasible: boolean, why: Way['why'], reason: string): Way => ({ route: 'text', feasible, why, reason });
  if (kind === 'text') return way(true, 'is-text', 'It is text already.');
  if (!converter) return way(false, 'no-converter', `Nothing installed here turns ${kind} into text.`);
  return way(true, 'converts', `${converter.engine} can turn ${converter.only ?? kind} into text.`);
}

function embedding({ kind }: Media, { injection }: Ways, { id, capabilities }: Model): Way {
  const way = (feasible: Known, why: Way['why'], reason: string): Way => ({
    route: 'embedding',
    feasible,
    why,
    reason,
  });
  const takes = capabilities.embeddings;
  if (takes === false) return way(false, 'no-embeddings', `${id} takes no embeddings.`);
  if (typeof injection === 'object') {
    const { component, told } = injection;
    return way(true, 'injects', `${component} makes vectors of ${kind} that ${id} understands: ${told}.`);
  }
  if (takes === 'unknown')
    return way('unknown', 'no-embeddings', `Nobody has established whether ${id} takes embeddings.`);
  return way(false, 'no-gate', injection ?? `No component that the gate let in makes vectors of ${kind} for ${id}.`);
}
