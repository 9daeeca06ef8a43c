import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GateReport } from '#contract/gate.ts';
import { orDiskFull } from '#kit/temporary.ts';

/** A report is a few kilobytes with its fingerprint; whatever is larger is none of ours. */
const MOST_BYTES = 4 * 1024 * 1024;

const folderOf = (home: string) => join(home, 'gates');

/** One file for a component before a model: readable, and unlike any other by its hash. */
function fileOf(home: string, component: string, model: string): string {
  const plain = `${component}-${model}`.replace(/[^\w.-]+/g, '-').slice(0, 80);
  const hash = createHash('sha256')
    .update(JSON.stringify([component, model]))
    .digest('hex')
    .slice(0, 12);
  return join(folderOf(home), `${plain}-${hash}.json`);
}

/** What the gate last found of a component before a model; `null` where it never looked, or the record cannot be read. */
export async function readGateReport(home: string, component: string, model: string): Promise<GateReport | null> {
  const found = await read(fileOf(home, component, model));
  return found?.component === component && found.model === model ? found : null;
}

/** Keeps a report: whole or not at all, in place of an earlier one. Gives its path. */
export async function writeGateReport(home: string, report: GateReport): Promise<string> {
  const path = fileOf(home, report.component, report.model);
  const beside = `${path}.${randomUUID()}.tmp`;
  try {
    await mkdir(folderOf(home), { recursive: true });
    await writeFile(beside, `${JSON.stringify(GateReport.parse(report))}\n`, { mode: 0o600 });
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw orDiskFull(error);
  }
  return path;
}

/** Every report that is kept, newest first. */
export async function listGateReports(home: string): Promise<readonly GateReport[]> {
  const names = await readdir(folderOf(home)).catch(() => []);
  const found = await Promise.all(
    names.filter((name) => name.endsWith('.json')).map((name) => read(join(folderOf(home), name))),
  );
  return found
    .filter((one) => one !== null)
    .sort((one, other) => other.createdAt.localeCompare(one.createdAt) || one.component.localeCompare(other.component));
}

async function read(path: string): Promise<GateReport | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null || text.length > MOST_BYTES) return null;
  try {
    return GateReport.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
