import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Preparation } from '../prepare/preparation.ts';

// The address's query says which version this is, so that a test can change it and the child process sees the same.
const query = new URL(import.meta.url).searchParams;

export const PREPARATIONS: readonly Preparation[] = [
  {
    id: 'upper-case',
    version: Number(query.get('version') ?? 1),
    inputs: ['text.txt'],
    output: 'made/upper.txt',
    async run(folder) {
      appendFileSync(join(folder, '..', '..', 'runs.log'), `${process.pid}\n`);
      if (query.has('fails')) throw new Error('will not');
      if (query.has('endless')) for (;;) await new Promise((resolve) => setTimeout(resolve, 1_000));
      return Buffer.from(`${readFileSync(join(folder, 'text.txt'), 'utf8').toUpperCase()}${query.get('version') ?? 1}`);
    },
  },
];
