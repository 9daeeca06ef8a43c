import { type Loss, lossOf } from '#contract/loss.ts';

/** Losses of single pages, told once for all pages that have them. */
export interface PageLosses {
  add(page: number, loss: PageLoss): void;
  /** Notes everything that was added. */
  tell(note: (loss: Loss) => void): void;
}

/** One sentence without its pages: `showed something that could not be read: …`. `count` is in `unit`, and summed. */
export interface PageLoss {
  readonly kind: Loss['kind'];
  readonly what: string;
  readonly action: string;
  readonly count: number;
  readonly unit: string;
  readonly text?: string | undefined;
  readonly certainty?: Loss['certainty'];
}

const MOST_TEXTS = 8;

/** Gathers losses of pages of one part. */
export function pageLosses(part: string, engine: string): PageLosses {
  const gathered = new Map<string, { loss: PageLoss; pages: number[]; count: number; texts: Set<string> }>();
  return {
    add(page, loss) {
      const key = `${loss.kind} ${loss.what}`;
      const known = gathered.get(key) ?? { loss, pages: [], count: 0, texts: new Set() };
      gathered.set(key, known);
      if (known.pages.at(-1) !== page) known.pages.push(page);
      known.count += loss.count;
      if (loss.text !== undefined && known.texts.size < MOST_TEXTS) known.texts.add(loss.text);
    },
    tell(note) {
      for (const { loss, pages, count, texts } of gathered.values()) {
        note(
          lossOf({
            kind: loss.kind,
            stage: 'perceive',
            part,
            engine,
            text: texts.size > 0 ? [...texts].join('\n') : null,
            extent: count,
            unit: loss.unit,
            certainty: loss.certainty ?? 'measured',
            message: `${pages.length === 1 ? 'Page' : 'Pages'} ${spans(pages)}: ${loss.what}.`,
            action: loss.action,
          }),
        );
      }
    },
  };
}

/** `1, 3–5, 9` */
export function spans(numbers: readonly number[]): string {
  const found: [number, number][] = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last && number === last[1] + 1) last[1] = number;
    else found.push([number, number]);
  }
  return found.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ');
}
