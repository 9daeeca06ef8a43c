import { alternativeText, type Relations } from './ooxml.ts';
import type { Piece } from './pieces.ts';
import { descendants, type Element, relationId } from './tree.ts';

/** What a drawing shows beside text: pictures, charts, diagrams. `properties` (`docPr`, `cNvPr`) has its alternative text. */
export function drawnPieces(drawing: Element, properties: Element | undefined, relations: Relations): Piece[] {
  const pieces: Piece[] = [];
  const alt = alternativeText(properties);
  for (const [element, attribute] of [
    ['blip', 'embed'],
    ['imagedata', 'id'],
  ] as const) {
    for (const picture of descendants(drawing, element)) {
      const relation = relations.get(relationId(picture, attribute) ?? '');
      if (relation && !relation.external)
        pieces.push({ id: relation.target, alt: alt || (picture.attributes['o:title'] ?? '') });
      else if (alt !== '') pieces.push(`![${alt}]`);
    }
  }
  for (const chart of descendants(drawing, 'chart')) {
    const relation = relations.get(relationId(chart, 'id') ?? '');
    if (relation && !relation.external)
      pieces.push(...(alt === '' ? [] : [alt]), { kind: 'chart', part: relation.target });
  }
  for (const diagram of descendants(drawing, 'relIds')) {
    const relation = relations.get(relationId(diagram, 'dm') ?? '');
    if (relation && !relation.external)
      pieces.push(...(alt === '' ? [] : [alt]), { kind: 'diagram', part: relation.target });
  }
  return pieces;
}
