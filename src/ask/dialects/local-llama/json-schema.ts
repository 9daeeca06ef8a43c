import { SensoriumError } from '#contract/error.ts';

type Json = Readonly<Record<string, unknown>>;

/** A schema as llama.cpp's grammars are made from: part of JSON Schema, in which every property of an object is written. */
export type GrammarSchema = Readonly<Record<string, unknown>>;

/** Words about a schema that say nothing on what is valid (JSON Schema 2020-12, part 9), and those read elsewhere. */
const REMARKS: ReadonlySet<string> = new Set([
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  '$schema',
  '$id',
  '$comment',
  '$defs',
  'definitions',
]);

const SCALARS: ReadonlySet<unknown> = new Set(['string', 'number', 'integer', 'boolean', 'null']);
const FORMATS: ReadonlySet<unknown> = new Set(['date-time', 'date', 'time']);
const MAX_DEPTH = 64;

/** Any JSON at all, in the only words that grammars have for it. */
const ANYTHING: GrammarSchema = {
  oneOf: [
    { type: ['string', 'number', 'boolean', 'null'] },
    { type: 'object', additionalProperties: true },
    { type: 'array' },
  ],
};

/**
 * A schema in the form that grammars can be made from. Whatever such a grammar lets through is valid by the schema given;
 * optional properties are always written. Throws `ask.refused` with the place of the first thing that has no such form.
 */
export function grammarSchemaOf(schema: Json): GrammarSchema {
  const definitions = { ...asObject(schema.definitions), ...asObject(schema.$defs) };
  const root = translated(schema, '', 0, definitions);
  const defs = Object.entries(definitions).map(([name, one]) => [
    name,
    translated(one, `/$defs/${name}`, 0, definitions),
  ]);
  return defs.length === 0 ? root : { ...root, $defs: Object.fromEntries(defs) };
}

function translated(schema: unknown, path: string, depth: number, definitions: Json): GrammarSchema {
  if (depth > MAX_DEPTH) throw refused(path, 'it goes too deep');
  if (schema === true) return ANYTHING;
  const given = asObject(schema);
  if (schema !== given) throw refused(path, 'it is no schema that allows anything');
  const words = Object.keys(given).filter((word) => !REMARKS.has(word));
  const below = (one: unknown, step: string) => translated(one, `${path}/${step}`, depth + 1, definitions);
  const only = (...allowed: string[]) => {
    const other = words.find((word) => !allowed.includes(word));
    if (other !== undefined) throw refused(path, `“${other}” cannot be kept to here`);
  };

  if (words.length === 0) return ANYTHING;
  if ('$ref' in given) {
    only('$ref');
    const name = /^#\/(?:\$defs|definitions)\/([^/]+)$/.exec(String(given.$ref))?.[1];
    if (name === undefined || !Object.hasOwn(definitions, name)) throw refused(path, `“${given.$ref}” leads nowhere`);
    return { $ref: `#/$defs/${name}` };
  }
  for (const word of ['anyOf', 'oneOf', 'allOf'] as const) {
    const choices = given[word];
    if (choices === undefined) continue;
    only(word);
    if (!Array.isArray(choices) || choices.length === 0) throw refused(path, `“${word}” is no list`);
    if (word === 'allOf' && choices.length > 1) throw refused(path, 'several schemas at once cannot be kept to');
    return { oneOf: choices.map((one, index) => below(one, `${word}/${index}`)) };
  }
  if ('const' in given || 'enum' in given) {
    only('const', 'enum', 'type');
    const values: unknown = 'const' in given ? [given.const] : given.enum;
    if (!Array.isArray(values) || values.length === 0 || values.some((one) => typeof one === 'object' && one !== null))
      throw refused(path, 'only texts, numbers, true, false and null can be listed');
    return { enum: values };
  }
  if (Array.isArray(given.type)) {
    if (given.type.length === 0) throw refused(path, 'no type is allowed');
    if (words.length === 1 && given.type.every((type) => SCALARS.has(type))) return { type: given.type };
    // Words about another type than a value's own do not concern it.
    return { oneOf: given.type.map((type) => below(ofType(given, type), `type/${type}`)) };
  }
  switch (given.type ?? impliedType(given)) {
    case 'string':
      only('type', 'minLength', 'maxLength', 'format');
      if (given.format === undefined) return { type: 'string', ...counts(given, 'minLength', 'maxLength') };
      if (!FORMATS.has(given.format)) throw refused(path, `the format “${given.format}” cannot be kept to`);
      only('type', 'format');
      return { type: 'string', format: given.format };
    case 'object':
      only('type', 'properties', 'required', 'additionalProperties');
      return objectOf(given, path, below);
    case 'array': {
      only('type', 'items', 'prefixItems', 'minItems', 'maxItems');
      const items = given.items === undefined || given.items === true ? {} : { items: below(given.items, 'items') };
      const first = Array.isArray(given.prefixItems) ? given.prefixItems : [];
      const prefixItems = first.map((one, index) => below(one, `prefixItems/${index}`));
      const begun = prefixItems.length > 0 ? { prefixItems } : {};
      return { type: 'array', ...items, ...begun, ...counts(given, 'minItems', 'maxItems') };
    }
    default:
      only('type');
      if (!SCALARS.has(given.type)) throw refused(path, `there is no type “${given.type}”`);
      return { type: given.type };
  }
}

function objectOf(given: Json, path: string, below: (one: unknown, step: string) => GrammarSchema): GrammarSchema {
  const entries = Object.entries(asObject(given.properties));
  const names = new Set(entries.map(([name]) => name));
  const required: readonly unknown[] = Array.isArray(given.required) ? given.required : [];
  const missing = required.find((name) => !names.has(String(name)));
  if (missing !== undefined) throw refused(path, `“${missing}” is required and not described`);
  const properties = Object.fromEntries(entries.map(([name, one]) => [name, below(one, `properties/${name}`)]));
  if (entries.length > 0) return { type: 'object', properties };
  const more = given.additionalProperties ?? true;
  if (typeof more === 'boolean') return { type: 'object', additionalProperties: more };
  return { type: 'object', additionalProperties: below(more, 'additionalProperties') };
}

const ABOUT: Readonly<Record<string, readonly string[]>> = {
  string: ['minLength', 'maxLength', 'format', 'pattern'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  object: ['properties', 'required', 'additionalProperties', 'minProperties', 'maxProperties', 'patternProperties'],
  array: ['items', 'prefixItems', 'minItems', 'maxItems', 'uniqueItems', 'contains'],
};

function ofType(given: Json, type: unknown): Json {
  const about = String(type) === 'integer' ? 'number' : String(type);
  const others = Object.entries(ABOUT).flatMap(([name, words]) => (name === about ? [] : words));
  return { ...Object.fromEntries(Object.entries(given).filter(([word]) => !others.includes(word))), type };
}

function impliedType(given: Json): string | undefined {
  if ('properties' in given || 'additionalProperties' in given || 'required' in given) return 'object';
  return 'items' in given || 'prefixItems' in given ? 'array' : undefined;
}

function counts(given: Json, ...words: string[]): Json {
  return Object.fromEntries(words.filter((word) => Number.isInteger(given[word])).map((word) => [word, given[word]]));
}

function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function refused(path: string, why: string): SensoriumError {
  return new SensoriumError(
    'ask.refused',
    `A local model cannot keep to this JSON Schema: at “${path || '/'}” ${why}.`,
    {
      hint: 'Describe the answer with types, properties, items, enum, const, anyOf and references only, or ask for any JSON.',
      details: { path: path || '/' },
    },
  );
}
