import type { MediaPart } from '#contract/media.ts';
import { knownDocument } from '#perceive/index.ts';
import type { Parts } from './parts.ts';

/** What turns a part into text here. `only` is there where that tells a part of the whole. */
export interface Sense {
  readonly engine: string;
  readonly only?: string | undefined;
  /** Everything that takes part, so that a change in one of them is noticed. */
  readonly engines: readonly string[];
}

/** Which senses are open, by the names of what works for them. */
export type Senses = Parts['senses'];

/** What turns this part into text, known before anything is loaded; `null` where nothing does. */
export function senseFor({ media, sound }: MediaPart, { hear, see }: Senses): Sense | null {
  const eyes = [see.reader, see.describer].filter((id) => id !== null);
  switch (media.kind) {
    case 'audio':
      return sense([hear.model, hear.second, hear.speakers]);
    case 'image':
      return eyes.length === 0 ? null : sense(eyes, see.describer === null ? 'the writing in it' : undefined);
    case 'document': {
      const engine = knownDocument(media.mimeType)?.id;
      return engine === undefined ? null : { ...sense([engine, see.reader]), engine };
    }
    case 'video': {
      const ears = sound ? [hear.model, hear.second, hear.speakers] : [];
      if (eyes.length === 0) return sound ? sense(ears, 'its sound') : null;
      return sense([...ears, ...eyes], see.describer === null ? 'what is said and written in it' : undefined);
    }
    case 'text':
      return null;
  }
}

/** What makes the text that goes along with a native part; `null` where nothing does. Of a video that is what is said in it. */
export function besideFor(part: MediaPart, senses: Senses): string | null {
  if (part.media.kind === 'video') return part.sound ? senses.hear.model : null;
  return senseFor(part, senses)?.engine ?? null;
}

function sense(engines: readonly (string | null)[], only?: string): Sense {
  const taking = engines.filter((id) => id !== null);
  return { engine: taking.join(' + '), engines: taking, only };
}

/** Whether a component works on somebody else's machine: it is named VENDOR:NAME, where a folder is named KIND:/PATH. */
export function isElsewhere(id: string): boolean {
  return /^[\w.-]+:(?![/\\.~]|[a-z]:[/\\])/i.test(id);
}
