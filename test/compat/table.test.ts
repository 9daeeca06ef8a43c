import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CHECKS } from './checks.ts';
import { CLIENTS } from './clients.ts';
import { tableHead } from './table.ts';

const page = readFileSync(new URL('../../docs/compat.md', import.meta.url), 'utf8');
const program = (name: string) => readFileSync(new URL(`clients/${name}`, import.meta.url), 'utf8');

it('docs/compat.md names the clients at the versions of their manifests', () => {
  expect(page).toContain(tableHead());
});

it('docs/compat.md has every check, and nothing in it failed', () => {
  for (const { what } of CHECKS) expect(page).toContain(`| ${what} |`);
  expect(page).not.toContain('failed |');
  expect(page).not.toContain('| ✗');
});

it.each(CLIENTS)('$id has every check or says that it cannot do it', ({ program: name }) => {
  const text = program(name);
  // Checks made in a loop are named by what they have in common.
  const named = (id: string) => text.includes(`${id}'`) || text.includes(`${id}"`) || loop(text, id);
  expect(CHECKS.filter(({ id }) => !named(id))).toEqual([]);
});

function loop(text: string, id: string): boolean {
  const beginning = id.replace(/[a-z0-9]+$/, '');
  return text.includes(`\`${beginning}\${`) || text.includes(`f"${beginning}{`);
}
