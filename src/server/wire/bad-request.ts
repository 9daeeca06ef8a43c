import type { z } from 'zod';
import { SensoriumError } from '#contract/error.ts';

/** A field of the request that cannot be used: `param` is its path, `problem` goes on the sentence that begins with it. */
export function badField(param: string, problem: string): SensoriumError {
  return new SensoriumError('server.bad-request', `${param} ${problem}.`, {
    hint: 'Mend the request; GET /openapi.json describes it.',
    details: { param },
  });
}

/** Checks a value against a schema. Throws `server.bad-request` that names the first field at fault and shows no value. */
export function parsed<S extends z.ZodType>(schema: S, value: unknown): z.infer<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = deepest(result.error.issues);
  const path = [...(issue?.path ?? []), ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])];
  const param = path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
  throw badField(param.slice(0, 200) || 'The body', `is not valid: ${issue ? wordsFor(issue) : 'unknown'}`);
}

// Inside a union the branch that came furthest says best what is wrong.
function deepest(
  issues: readonly z.core.$ZodIssue[],
  before: readonly PropertyKey[] = [],
): z.core.$ZodIssue | undefined {
  const all = issues.map((issue) => ({ ...issue, path: [...before, ...issue.path] }));
  const [first] = all;
  if (first?.code !== 'invalid_union' || first.errors.length === 0) return first;
  const inner = first.errors.map((branch) => deepest(branch, first.path)).filter((one) => one !== undefined);
  const furthest = inner.sort((a, b) => b.path.length - a.path.length)[0];
  return furthest && furthest.path.length > first.path.length ? furthest : first;
}

/** What is wrong, in words that never repeat a value: values are people’s own. */
function wordsFor(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `${issue.expected} is expected`;
    case 'invalid_value':
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')} is expected`;
    case 'unrecognized_keys':
      return 'there is no such field';
    case 'too_big':
      return `at most ${issue.maximum} is allowed`;
    case 'too_small':
      return `at least ${issue.minimum} is needed`;
    default:
      return issue.message.slice(0, 200);
  }
}
