import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import envPaths from 'env-paths';
import type { z } from 'zod';
import { SensoriumError } from '#contract/error.ts';
import { Config, DEFAULTS, VARIABLES } from './schema.ts';

/** Where one value came from: `default`, `file`, the environment variable's name, or `option`. */
export type Origin = string;

export interface LoadedConfig {
  readonly config: Readonly<Config>;
  /** Folder with the model store and `config.json`. */
  readonly home: string;
  /** Setting (`ask.model`) → where its value came from. Whatever is not listed is a default. */
  readonly origins: ReadonlyMap<string, Origin>;
}

type Tree = Record<string, unknown>;

/**
 * Reads the configuration once: call options before environment before `config.json` before defaults. Throws
 * `config.invalid` naming the setting, what was given and where it was given.
 */
export function loadConfig(
  options: Readonly<Record<string, unknown>> = {},
  environment: NodeJS.ProcessEnv = process.env,
): LoadedConfig {
  const home = environment.SENSORIUM_HOME || envPaths('sensorium', { suffix: '' }).cache;
  const origins = new Map<string, Origin>();
  const tree = structuredClone(DEFAULTS) as unknown as Tree;

  const file = readFile(join(home, 'config.json'));
  overlay(tree, file, '', (path) => origins.set(path, 'config.json'));
  for (const [name, path] of Object.entries(VARIABLES)) {
    const text = environment[name];
    if (text === undefined || text === '') continue;
    put(tree, path, fromText(path, text));
    origins.set(path, name);
  }
  // The hub's own switch closes the hub, not the package registries.
  if (saysYes(environment.HF_HUB_OFFLINE)) {
    const sources = (tree.models as Tree).sources;
    if (Array.isArray(sources))
      put(
        tree,
        'models.sources',
        sources.filter((name) => name !== 'huggingface'),
      );
    origins.set('models.sources', 'HF_HUB_OFFLINE');
  }
  for (const [path, value] of Object.entries(options)) {
    if (value === undefined) continue;
    put(tree, path, value);
    origins.set(path, 'option');
  }

  const parsed = Config.safeParse(tree);
  if (!parsed.success) throw invalid(parsed.error, origins, home);
  return { config: Object.freeze(parsed.data), home, origins };
}

function readFile(path: string): Tree {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new SensoriumError('config.invalid', `Cannot read ${path}.`, {
      cause: error,
      hint: 'Check that it is a readable file.',
    });
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isTree(value)) return value;
  } catch (error) {
    throw new SensoriumError('config.invalid', `${path} is not valid JSON.`, {
      cause: error,
      hint: 'Mend it or delete it.',
    });
  }
  throw new SensoriumError('config.invalid', `${path} must hold a JSON object.`, {
    hint: 'For example {"ask":{"model":"openai:gpt-4o"}}.',
  });
}

function overlay(onto: Tree, from: Tree, prefix: string, seen: (path: string) => void): void {
  for (const [key, value] of Object.entries(from)) {
    const path = prefix + key;
    const below = onto[key];
    if (isTree(value) && isTree(below)) overlay(below, value, `${path}.`, seen);
    else {
      onto[key] = value;
      seen(path);
    }
  }
}

function put(tree: Tree, path: string, value: unknown): void {
  const keys = path.split('.');
  const last = keys.pop() as string;
  let place = tree;
  for (const key of keys) {
    if (!isTree(place[key])) place[key] = {};
    place = place[key] as Tree;
  }
  place[last] = value;
}

// What an environment variable says in text, as the kind of value the setting holds.
function fromText(path: string, text: string): unknown {
  if (path === 'offline') return saysYes(text);
  if (path === 'threads' || path === 'server.port') return Number(text);
  if (path.startsWith('see.') && text === 'none') return null;
  if (path === 'models.sources') return text.split(',').map((name) => name.trim());
  return text;
}

function saysYes(text: string | undefined): boolean {
  return text !== undefined && !['', '0', 'false', 'no', 'off'].includes(text.toLowerCase());
}

function invalid(error: z.ZodError, origins: ReadonlyMap<string, Origin>, home: string): SensoriumError {
  const issue = error.issues[0];
  const path = issue ? [...issue.path, ...(issue.code === 'unrecognized_keys' ? issue.keys : [])].join('.') : '';
  const origin =
    [...origins].find(([set]) => set === path || path.startsWith(`${set}.`))?.[1] ?? join(home, 'config.json');
  return new SensoriumError(
    'config.invalid',
    `Setting ${path} (from ${origin}) is not valid: ${issue?.message ?? 'unknown'}.`,
    {
      hint: 'See `sensorium config show` for all settings and what they hold.',
      details: { setting: path },
      cause: error,
    },
  );
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
