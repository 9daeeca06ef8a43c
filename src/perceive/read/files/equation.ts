import { children, type Element, find, textOf } from './tree.ts';

/** An Office equation (ECMA-376-1, 22.1) in one line: `(a+b)/(2c)`, `x^(2)`, `√(x)`. */
export function equationText(node: Element): string {
  const part = (name: string) => inner(find(node, name));
  switch (node.name) {
    case 'f':
      return `${grouped(part('num'))}/${grouped(part('den'))}`;
    case 'sSup':
      return `${part('e')}^${grouped(part('sup'))}`;
    case 'sSub':
      return `${part('e')}_${grouped(part('sub'))}`;
    case 'sSubSup':
      return `${part('e')}_${grouped(part('sub'))}^${grouped(part('sup'))}`;
    case 'rad':
      return part('deg') === '' ? `√(${part('e')})` : `root(${part('deg')}, ${part('e')})`;
    case 'nary': {
      const sign = find(node, 'naryPr', 'chr')?.attributes;
      const written = Object.values(sign ?? {})[0] ?? '∫';
      const limits = `${part('sub') === '' ? '' : `_${grouped(part('sub'))}`}${part('sup') === '' ? '' : `^${grouped(part('sup'))}`}`;
      return `${written}${limits} ${part('e')}`;
    }
    case 'd':
      return `(${children(node, 'e').map(inner).join(', ')})`;
    case 'm':
      return `[${children(node, 'mr')
        .map((row) => children(row, 'e').map(inner).join(', '))
        .join('; ')}]`;
    case 't':
      return textOf(node);
    default:
      return inner(node);
  }
}

function inner(node: Element | undefined): string {
  return children(node).map(equationText).join('');
}

function grouped(text: string): string {
  return [...text].length > 1 ? `(${text})` : text;
}
