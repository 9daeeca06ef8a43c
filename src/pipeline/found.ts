import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Evidence } from '#contract/capabilities.ts';
import { MediaKind } from '#contract/media.ts';
import type { ModelFacts } from '#vendors/index.ts';

const Trial = z.object({ takes: z.boolean(), source: z.string(), date: z.string() });
/** Model id → kind of medium → what came of trying it. */
const Found = z.record(z.string(), z.partialRecord(MediaKind, Trial));
type Found = z.infer<typeof Found>;

/** What was found out by trying: which kinds of media a model behind an API took. Kept in `found-models.json`. */
export interface FoundModels {
  /** Keeps what came of a trial. Whoever cannot write it down remembers it until the process ends. */
  remember(model: string, kind: MediaKind, takes: boolean, source: string): void;
  /** What is known of a provider's models, by their names there. */
  of(provider: string): Readonly<Record<string, { readonly facts: ModelFacts; readonly evidence: Evidence }>>;
}

/** Opens what was found out before; a file that cannot be read counts as none. */
export function openFoundModels(home: string, today: () => Date = () => new Date()): FoundModels {
  const path = join(home, 'found-models.json');
  const found = read(path);
  return {
    remember(model, kind, takes, source) {
      found[model] = { ...found[model], [kind]: { takes, source, date: today().toISOString().slice(0, 10) } };
      try {
        mkdirSync(home, { recursive: true });
        writeFileSync(`${path}.part`, `${JSON.stringify(found, null, 2)}\n`);
        renameSync(`${path}.part`, path);
      } catch {
        // A disk that cannot be written to is the doctor's to report.
      }
    },
    of(provider) {
      const own = Object.entries(found).filter(([id]) => id.startsWith(`${provider}:`));
      return Object.fromEntries(own.map(([id, trials]) => [id.slice(provider.length + 1), factsOf(trials)]));
    },
  };
}

function factsOf(trials: Found[string]): { facts: ModelFacts; evidence: Evidence } {
  const tried = Object.values(trials).filter((trial) => trial !== undefined);
  const taken = Object.fromEntries(Object.entries(trials).map(([kind, trial]) => [kind, trial?.takes]));
  const last = tried.sort((a, b) => a.date.localeCompare(b.date)).at(-1);
  return { facts: { takes: taken }, evidence: { source: last?.source ?? '', date: last?.date ?? null } };
}

function read(path: string): Found {
  try {
    return Found.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return {};
  }
}
