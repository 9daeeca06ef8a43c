import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { renderErrors } from '../scripts/generate-errors.ts';
import { renderFamilies } from '../scripts/generate-families.ts';
import { renderSchemas } from '../scripts/generate-schemas.ts';

const committed = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

it.each([...renderSchemas()])('schemas/%s is as generated (npm run generate)', (name, text) => {
  expect(committed(`schemas/${name}`)).toBe(text);
});

it('docs/reference/errors.md is as generated (npm run generate)', () => {
  expect(committed('docs/reference/errors.md')).toBe(renderErrors());
});

it('docs/reference/families.md is as generated (npm run generate)', () => {
  expect(committed('docs/reference/families.md')).toBe(renderFamilies());
});
