import type { ComponentInput } from '#contract/ports.ts';
import { CHINESE_PROBES, ENGLISH_PROBES } from './probe-texts.ts';

/** One thing the gate tries: what goes into the component, what it stands for in words, and what the text route would make of it. */
export interface GateItem {
  readonly input: ComponentInput;
  readonly reference: string;
  /** `null` where the text route is given the reference itself. */
  readonly routeText: string | null;
}

/** As many items as a check reads where nothing is said. */
export const ITEMS = 64;

/** Sentences that ship with the gate, in one language or in turn in both. */
export function gateProbes(language: 'en' | 'zh' | 'both' = 'both', count = ITEMS): readonly GateItem[] {
  const texts =
    language === 'both'
      ? // Not translations of each other beside each other: the next item is what each is held against.
        ENGLISH_PROBES.flatMap((text, at) => [text, CHINESE_PROBES[(at + 32) % CHINESE_PROBES.length] ?? text])
      : { en: ENGLISH_PROBES, zh: CHINESE_PROBES }[language];
  return texts.slice(0, count).map(textItem);
}

/** A text as an item. */
export function textItem(text: string, at: number): GateItem {
  return {
    input: { part: `item-${at + 1}`, media: null, perception: null, text },
    ...{ reference: text, routeText: null },
  };
}
