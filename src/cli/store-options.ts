import { InvalidArgumentError } from 'commander';
import type { Attribute, AttributeFilter } from '#contract/vector-store.ts';

/** Whose stores a command is about where nobody says: those of a server on this machine that has no keys. */
export const OWN_TENANT = 'anyone';

const COMPARISONS = { '>=': 'gte', '<=': 'lte', '!=': 'ne', '>': 'gt', '<': 'lt', '=': 'eq' } as const;

/** `year>=2020` as a filter; several are to hold together. */
export function filterOption(text: string, before?: AttributeFilter): AttributeFilter {
  const [, key = '', sign = '', value = ''] = /^([^<>=!]+)(>=|<=|!=|>|<|=)(.*)$/.exec(text) ?? [];
  if (key === '') throw new InvalidArgumentError('It must be KEY=VALUE, or with !=, >, >=, <, <=: year>=2020.');
  const one: AttributeFilter = {
    type: COMPARISONS[sign as keyof typeof COMPARISONS],
    key: key.trim(),
    value: readValue(value.trim()),
  };
  if (before === undefined) return one;
  return { type: 'and', filters: before.type === 'and' ? [...before.filters, one] : [before, one] };
}

/** `team=red`, gathered into one object. */
export function attributeOption(text: string, before: Record<string, Attribute> = {}): Record<string, Attribute> {
  const [, key = '', value = ''] = /^([^=]{1,64})=(.*)$/.exec(text) ?? [];
  if (key === '') throw new InvalidArgumentError('It must be KEY=VALUE: team=red.');
  return { ...before, [key.trim()]: readValue(value.trim()) };
}

/** `notes,library`. */
export function namesOption(text: string): string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  if (names.length === 0) throw new InvalidArgumentError('It must be the name of a store, or several with commas.');
  return names;
}

/** A whole number from 1 to 50. */
export function limitOption(text: string): number {
  const limit = Number(text);
  if (/^\d{1,2}$/.test(text) && limit >= 1 && limit <= 50) return limit;
  throw new InvalidArgumentError('It must be a whole number from 1 to 50.');
}

/** What looks like a number or a truth value is one. */
function readValue(text: string): Attribute {
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}
