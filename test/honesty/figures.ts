import { parseAst } from 'vitest/node';

/** What a figure is called that says how sure something is. */
const SURENESS = /^(?:p|p[A-Z]\w*|.*[cC]onfidence|.*[pP]robability|.*[lL]ogprob|score|snrDb|similarity)$/;

/** Fewer figures than this may be equal by chance. */
const LEAST = 4;

/** Every figure about sureness anywhere in what adapters gave, by its name; `null` stays `null`. */
export function figuresIn(
  given: unknown,
  found = new Map<string, (number | null)[]>(),
): Map<string, (number | null)[]> {
  if (typeof given !== 'object' || given === null || ArrayBuffer.isView(given)) return found;
  for (const [name, value] of Object.entries(given)) {
    const isFigure = (value === null || typeof value === 'number') && SURENESS.test(name);
    if (isFigure) found.set(name, [...(found.get(name) ?? []), value]);
    else figuresIn(value, found);
  }
  return found;
}

/** Names of figures that came out the same each time, as one that nobody measured would. */
export function constantsIn(given: unknown): string[] {
  return [...figuresIn(given)]
    .filter(([, values]) => {
      const known = values.filter((value) => value !== null);
      return known.length >= LEAST && new Set(known).size === 1;
    })
    .map(([name]) => name);
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

/** Whether an expression is, or may turn out to be, a number written into the source. */
function isWritten(node: unknown): boolean {
  if (!isNode(node)) return false;
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'number';
    case 'UnaryExpression':
      return isWritten(node.argument);
    case 'ConditionalExpression':
      return isWritten(node.consequent) || isWritten(node.alternate);
    case 'LogicalExpression':
      return isWritten(node.right) || isWritten(node.left);
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'ParenthesizedExpression':
      return isWritten(node.expression);
    default:
      return false;
  }
}

/** What a node gives a value to, and the value: fields, variables, defaults and assignments. */
function givenBy(node: Node): { target: unknown; value: unknown } | null {
  switch (node.type) {
    case 'Property':
    case 'PropertyDefinition':
      return { target: node.key, value: node.value };
    case 'VariableDeclarator':
      return { target: node.id, value: node.init };
    case 'AssignmentExpression':
    case 'AssignmentPattern':
      return { target: node.left, value: node.right };
    default:
      return null;
  }
}

function nameOf(target: unknown): string {
  if (!isNode(target)) return '';
  if (target.type === 'Identifier') return String(target.name);
  if (target.type === 'Literal') return String(target.value);
  return target.type === 'MemberExpression' ? nameOf(target.property) : '';
}

/** Places in a source text where a figure about sureness is a number somebody wrote there: `line: name`. */
export function writtenFigures(source: string): string[] {
  const found: string[] = [];
  const visit = (node: Node) => {
    const given = givenBy(node);
    const name = given ? nameOf(given.target) : '';
    if (given && SURENESS.test(name) && isWritten(given.value)) {
      found.push(`${source.slice(0, node.start).split('\n').length}: ${name}`);
    }
    for (const field of Object.values(node)) {
      for (const child of Array.isArray(field) ? field : [field]) if (isNode(child)) visit(child);
    }
  };
  visit(parseAst(source, { lang: 'ts' }) as unknown as Node);
  return found;
}
