import { readFileSync } from 'node:fs';

/** An official client that judges our server: a program of its own, with its own packages. */
export interface Client {
  readonly id: string;
  readonly title: string;
  /** The program in `clients/`. */
  readonly program: string;
  readonly runtime: { readonly kind: 'node'; readonly line: 20 | 22 } | { readonly kind: 'python' };
}

const node20 = { kind: 'node', line: 20 } as const;
const node22 = { kind: 'node', line: 22 } as const;
const python = { kind: 'python' } as const;

export const CLIENTS: readonly Client[] = [
  { id: 'openai-js-6', title: 'openai (JavaScript), Node 20', program: 'openai.js', runtime: node20 },
  { id: 'openai-js-7', title: 'openai (JavaScript), Node 22', program: 'openai.js', runtime: node22 },
  { id: 'openai-python', title: 'openai (Python)', program: 'openai_client.py', runtime: python },
  { id: 'ai-sdk', title: '@ai-sdk/openai-compatible, Node 22', program: 'ai-sdk.js', runtime: node22 },
  { id: 'litellm', title: 'litellm (Python)', program: 'litellm_client.py', runtime: python },
];

/** The release of each line of Node that is fetched where the line is not the one that runs this. */
export const NODE_RELEASES = { 20: '20.20.2', 22: '22.23.3' } as const;

/** Where a client’s manifest lies, and the packages it names: `name version`. */
export function manifestOf(id: string, kind: Client['runtime']['kind']): { text: string; packages: readonly string[] } {
  const name = kind === 'node' ? 'package.json' : 'requirements.txt';
  const text = readFileSync(new URL(`clients/${id}/${name}`, import.meta.url), 'utf8');
  const packages =
    kind === 'node'
      ? Object.entries(JSON.parse(text).dependencies).map(([key, version]) => `${key} ${version}`)
      : text
          .trim()
          .split('\n')
          .map((line) => line.replace('==', ' ').replace(/\[.*\]/, ''));
  return { text, packages };
}
