import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { COMPAT_URL, COMPAT_KEY, COMPAT_NARROW_KEY, COMPAT_FOLDER, COMPAT_PACKAGES, COMPAT_ONLY = '' } = process.env;

export const baseURL = `${COMPAT_URL}/v1`;
export const key = COMPAT_KEY;
/** A key that allows one request at a time. */
export const narrowKey = COMPAT_NARROW_KEY;
export const chatModel = 'qwen2.5-coder-0.5b-instruct';
export const questionFile = new URL('../../../examples/question.wav', import.meta.url).pathname;
export const question = readFileSync(questionFile);
export const note = Buffer.from('The meeting is on Thursday at nine, in the green room.\n');
/** One red pixel. */
export const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC',
  'base64',
);
export const capital = 'What is the capital of France?';
export const texts = ['A dog runs in the park.', 'A puppy plays on the grass.', 'The bank raised its interest rates.'];
export const sentence = 'The train leaves at half past seven.';
export const weatherTool = {
  name: 'weather',
  description: 'The weather in a city',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

/** A package of the client under judgement, from the folder where it was installed. */
export function load(name) {
  return import(pathToFileURL(createRequire(join(COMPAT_PACKAGES, 'package.json')).resolve(name)).href);
}

/** Keeps a sound for the judge, who decodes it and hears it again: it must say `said`. */
export function sound(name, bytes, format, said) {
  const file = join(COMPAT_FOLDER, `${name}.${format}`);
  writeFileSync(file, bytes);
  return { file, format, said };
}

/** Runs one check; what `work` returns goes to the judge. */
export async function check(id, work) {
  if (!id.startsWith(COMPAT_ONLY)) return;
  try {
    const evidence = (await work()) ?? {};
    tell({ check: id, outcome: 'passed', ...evidence });
  } catch (error) {
    tell({ check: id, outcome: 'failed', reason: `${error.name}: ${error.message}`.slice(0, 600) });
  }
}

/** Says that this client has no way to do these checks. */
export function cannot(reason, ...ids) {
  for (const id of ids) if (id.startsWith(COMPAT_ONLY)) tell({ check: id, outcome: 'not-run', reason });
}

function tell(result) {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

/** How alike two vectors are: 1 when they point the same way. */
export function cosine(a, b) {
  const dot = (x, y) => x.reduce((sum, value, at) => sum + value * y[at], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

/** The error with which a request is refused. */
export async function refused(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it was not refused');
}
