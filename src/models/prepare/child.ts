// The process a preparation runs in: `child <module with PREPARATIONS> <id> <model folder> <file to write>`.
import { writeFile } from 'node:fs/promises';
import type { Preparation } from './preparation.ts';

const [registry = '', id, folder = '', target = ''] = process.argv.slice(2);
const { PREPARATIONS }: { PREPARATIONS: readonly Preparation[] } = await import(registry);
const preparation = PREPARATIONS.find((one) => one.id === id);
if (!preparation) throw new Error(`${registry} has no preparation ${id}`);
await writeFile(target, await preparation.run(folder, new AbortController().signal));
