import { expect, it } from 'vitest';
import { grammarSchemaOf } from './json-schema.ts';

const PERSON = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Person',
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, description: 'As people say it' },
    age: { anyOf: [{ type: 'integer' }, { type: 'null' }], default: null },
    born: { type: 'string', format: 'date' },
    mood: { enum: ['good', 'bad', 1, null], type: ['string', 'integer', 'null'] },
    friends: { type: 'array', items: { $ref: '#/definitions/Friend' }, maxItems: 3 },
    more: {},
  },
  required: ['name'],
  additionalProperties: false,
  definitions: { Friend: { allOf: [{ properties: { best: { type: 'boolean' } } }] } },
};

it('says in the words of a grammar what a schema says', () => {
  expect(grammarSchemaOf(PERSON)).toEqual({
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 1 },
      age: { oneOf: [{ type: 'integer' }, { type: 'null' }] },
      born: { type: 'string', format: 'date' },
      mood: { enum: ['good', 'bad', 1, null] },
      friends: { type: 'array', items: { $ref: '#/$defs/Friend' }, maxItems: 3 },
      more: { oneOf: expect.any(Array) },
    },
    $defs: { Friend: { oneOf: [{ type: 'object', properties: { best: { type: 'boolean' } } }] } },
  });
});

it.each([
  [{ type: ['string', 'null'] }, { type: ['string', 'null'] }],
  [{ type: ['string', 'null'], maxLength: 3 }, { oneOf: [{ type: 'string', maxLength: 3 }, { type: 'null' }] }],
  [
    { type: ['object', 'null'], properties: { a: { type: 'number' } } },
    { oneOf: [{ type: 'object', properties: { a: { type: 'number' } } }, { type: 'null' }] },
  ],
  [{ const: 'x' }, { enum: ['x'] }],
  [{ type: 'object' }, { type: 'object', additionalProperties: true }],
  [{ additionalProperties: { type: 'number' } }, { type: 'object', additionalProperties: { type: 'number' } }],
  [
    { prefixItems: [{ type: 'number' }], minItems: 1 },
    { type: 'array', prefixItems: [{ type: 'number' }], minItems: 1 },
  ],
])('%j becomes %j', (schema, expected) => {
  expect(grammarSchemaOf(schema)).toEqual(expected);
});

const deep = (levels: number): object => (levels === 0 ? { type: 'null' } : { items: deep(levels - 1) });

it.each([
  [{ type: 'string', pattern: '^a' }, '/', 'pattern'],
  [{ properties: { a: { type: 'integer', minimum: 1 } } }, '/properties/a', 'minimum'],
  [{ items: { type: 'string', format: 'email' } }, '/items', 'email'],
  [{ type: ['number', 'null'], maximum: 1 }, '/type/number', 'maximum'],
  [{ type: 'array', uniqueItems: true }, '/', 'uniqueItems'],
  [{ allOf: [{}, {}] }, '/', 'several'],
  [{ not: {} }, '/', 'not'],
  [{ $ref: '#' }, '/', 'leads nowhere'],
  [{ $ref: '#/$defs/a', $defs: { b: {} } }, '/', 'leads nowhere'],
  [{ type: 'object', required: ['a'] }, '/', 'required'],
  [{ enum: [{ a: 1 }] }, '/', 'listed'],
  [{ type: 'date' }, '/', 'date'],
  [{ items: false }, '/items', 'no schema'],
  [{ properties: { a: { type: 'object', if: {} } } }, '/properties/a', 'if'],
  [deep(100), /^(?:\/items){65}$/, 'deep'],
])('refuses what no grammar can keep to: %j', (schema, path, word) => {
  const refuse = () => grammarSchemaOf(schema as Record<string, unknown>);
  expect(refuse).toThrow(expect.objectContaining({ code: 'ask.refused', message: expect.stringContaining(word) }));
  const matching = typeof path === 'string' ? path : expect.stringMatching(path);
  expect(refuse).toThrow(expect.objectContaining({ details: { path: matching } }));
});
