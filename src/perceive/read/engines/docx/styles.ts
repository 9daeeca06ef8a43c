import { attribute, children, type Element, find, isOn } from '../../files/tree.ts';

/** What a paragraph style says that matters for its text. `heading` is 1–6, `null` for none. */
export interface ParagraphStyle {
  readonly heading: number | null;
  readonly isTitle: boolean;
  readonly numId: string | undefined;
  readonly level: number;
}

const NONE: ParagraphStyle = { heading: null, isTitle: false, numId: undefined, level: 0 };
const DEEPEST = 20;

/** What each paragraph style says, with what it takes over from those it is based on (ECMA-376-1, 17.7). */
export function stylesOf(styles: Element): (id: string | undefined) => ParagraphStyle {
  const all = new Map(children(styles, 'style').map((style) => [attribute(style, 'styleId'), style]));
  const known = new Map<string | undefined, ParagraphStyle>();
  const look = (id: string | undefined, depth: number): ParagraphStyle => {
    const before = known.get(id);
    if (before) return before;
    const style = all.get(id);
    if (!style || depth > DEEPEST) return NONE;
    const basis = attribute(find(style, 'basedOn'), 'val');
    const base = basis === undefined ? NONE : look(basis, depth + 1);
    const name = attribute(find(style, 'name'), 'val') ?? '';
    const properties = find(style, 'pPr');
    const numbering = find(properties, 'numPr');
    const named = /^(?:heading|标题) ?([1-9])$/i.exec(name)?.[1];
    const made = {
      heading: outlineOf(properties) ?? (named === undefined ? base.heading : Math.min(6, Number(named))),
      isTitle: /^(?:title|标题)$/i.test(name) || (base.isTitle && !/subtitle|副标题/i.test(name)),
      numId: attribute(find(numbering, 'numId'), 'val') ?? base.numId,
      level: Number(attribute(find(numbering, 'ilvl'), 'val') ?? base.level),
    };
    known.set(id, made);
    return made;
  };
  return (id) => look(id, 0);
}

/** The outline level of a paragraph as a heading, 1–6: `null` where it has none, as body text has (level 9). */
export function outlineOf(properties: Element | undefined): number | null {
  const level = attribute(find(properties, 'outlineLvl'), 'val');
  const value = level === undefined ? Number.NaN : Number(level);
  return value >= 0 && value < 9 ? Math.min(6, value + 1) : null;
}

/** What a run's own properties say of how it looks. Named styles of characters are not looked at. */
export function lookOf(properties: Element | undefined) {
  const script = attribute(find(properties, 'vertAlign'), 'val');
  return {
    bold: isOn(find(properties, 'b')),
    italic: isOn(find(properties, 'i')),
    strike: isOn(find(properties, 'strike')) || isOn(find(properties, 'dstrike')),
    script: script === 'superscript' ? ('super' as const) : script === 'subscript' ? ('sub' as const) : null,
    hidden: isOn(find(properties, 'vanish')),
  };
}
