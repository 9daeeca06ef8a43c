import { check } from '../server.ts';

export type Row = Readonly<Record<string, unknown>>;
type Condition = (row: Row) => boolean;

const TOKENS = /\s*(?:("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(==|!=|>=|<=|[<>()[\],]))/y;
type Compare = (a: never, b: never) => boolean;
const COMPARE: Readonly<Record<string, Compare>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
};

/**
 * A boolean expression of Milvus, as far as a vector store needs them: comparisons, `in`, keys of JSON, `array_contains`,
 * `array_contains_any`, `not`, `and`, `or`. Source: Milvus’ pages on filtering, 2.6. What it cannot read is a fault.
 */
export function parsed(text: string): Condition {
  const tokens = tokensOf(text);
  let at = 0;
  const next = () => tokens[at];
  const take = (expected?: string): string => {
    const token = tokens[at++];
    check(
      token !== undefined && (expected === undefined || token === expected),
      `an expression: ${token ?? 'it ends'}`,
    );
    return token;
  };

  function joined(word: string, inner: () => Condition, how: (all: Condition[], row: Row) => boolean): Condition {
    const all = [inner()];
    while (next() === word) {
      take();
      all.push(inner());
    }
    return (row) => how(all, row);
  }
  const either = (): Condition => joined('or', both, (all, row) => all.some((one) => one(row)));
  const both = (): Condition => joined('and', single, (all, row) => all.every((one) => one(row)));

  function single(): Condition {
    if (next() === 'not') {
      take();
      const inner = single();
      return (row) => !inner(row);
    }
    if (next() === '(') {
      take();
      const inner = either();
      take(')');
      return inner;
    }
    return next()?.startsWith('array_contains') ? contains() : comparison();
  }

  function contains(): Condition {
    const name = take();
    take('(');
    const field = take();
    take(',');
    const values = name === 'array_contains' ? [literal()] : list();
    take(')');
    return (row) => values.some((value) => (row[field] as unknown[]).includes(value));
  }

  function comparison(): Condition {
    const field = take();
    check(/^[A-Za-z_]/.test(field), `an expression compares ${field}`);
    let key: unknown = null;
    if (next() === '[') {
      take();
      key = literal();
      take(']');
    }
    const sign = take();
    const read = (row: Row) => (key === null ? row[field] : (row[field] as Row)[String(key)]);
    if (sign === 'in') {
      const values = list();
      return (row) => values.includes(read(row));
    }
    const compare = Object.hasOwn(COMPARE, sign) ? COMPARE[sign] : undefined;
    check(compare, `an expression knows no ${sign}`);
    const value = literal();
    // A key that is missing, or of another type, is no number that could be compared.
    return (row) => typeof read(row) === typeof value && compare(read(row) as never, value as never);
  }

  function list(): unknown[] {
    take('[');
    const values = [literal()];
    while (next() === ',') {
      take();
      values.push(literal());
    }
    take(']');
    return values;
  }

  function literal(): string | number {
    const token = take();
    check(/^["\-\d]/.test(token), `an expression has ${token} where a value should be`);
    return JSON.parse(token);
  }

  const condition = either();
  check(at === tokens.length, 'an expression goes on after its end');
  return condition;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKENS.lastIndex = 0;
  let end = 0;
  for (let found = TOKENS.exec(text); found; found = TOKENS.exec(text)) {
    tokens.push(found[0].trim());
    end = TOKENS.lastIndex;
  }
  check(text.slice(end).trim() === '', `an expression cannot be read at ${JSON.stringify(text.slice(end, end + 20))}`);
  return tokens;
}
