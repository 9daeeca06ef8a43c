import type { Writing } from '../local-llama/options.ts';

/** The form of an answer as llama.cpp makes a grammar of it; nothing where any text will do. */
export function responseFormat(grammar: Writing['grammar']): object | undefined {
  if (grammar === undefined) return undefined;
  if (grammar === 'json') return { type: 'json_object', schema: { type: 'object' } };
  return { type: 'json_schema', json_schema: { schema: allRequired(grammar) } };
}

/** The schema with every property of its objects required: llama.cpp leaves out at will what is not. */
function allRequired(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(allRequired);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([word, value]) => [word, word === 'enum' ? value : below(word, value)]);
  const { properties } = schema as { readonly properties?: object };
  return {
    ...Object.fromEntries(entries),
    ...(properties === undefined ? {} : { required: Object.keys(properties) }),
  };
}

function below(word: string, value: unknown): unknown {
  // In these the words are names that people chose.
  if (word !== 'properties' && word !== '$defs') return allRequired(value);
  return Object.fromEntries(Object.entries(value as object).map(([name, one]) => [name, allRequired(one)]));
}
