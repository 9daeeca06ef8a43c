import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);
const page = (name: string) => readFileSync(new URL(`docs/${name}`, root), 'utf8');
const rowsOf = (text: string) => text.split('\n').filter((line) => /^\| (?!企图|tries|-)/.test(line));
const proofsOf = (line: string) => [...line.matchAll(/\]\(\.\.\/([^)]+\.test\.ts)\)/g)].map((match) => match[1]);

it('every line of the threat model names its proof, in both languages the same', () => {
  const rows = rowsOf(page('threat-model.md')).map(proofsOf);
  console.log(`threat model: ${rows.length} lines looked at`);
  expect(rows.length).toBeGreaterThan(20);
  expect(rows.filter((proofs) => proofs.length === 0)).toEqual([]);
  expect(rowsOf(page('threat-model.zh.md')).map(proofsOf)).toEqual(rows);
});

it('both pages name the same settings, commands and headers', () => {
  const code = (text: string) => new Set([...text.matchAll(/`[^`\n]+`/g)].map(String));
  expect(code(page('threat-model.zh.md'))).toEqual(code(page('threat-model.md')));
});
