import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FILES } from './model.ts';

/** What each class of the recogniser spells: nothing (CTC's blank) first, a space last, the model's keys between. */
export function readAlphabet(modelDir: string): readonly string[] {
  const keys = readFileSync(join(modelDir, FILES.keys), 'utf8').split('\n');
  if (keys.at(-1) === '') keys.pop();
  return ['', ...keys.map((key) => key.replace('\r', '')), ' '];
}
