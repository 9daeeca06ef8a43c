import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import type { LoadedConfig } from '#config/index.ts';
import { SensoriumError } from '#contract/error.ts';
import type { PipelineEvent } from '#contract/events.ts';
import type { GateReport } from '#contract/gate.ts';
import { textGiven } from '#contract/perception.ts';
import { ComponentManifest, type GateCalibration } from '#contract/prompt-vectors.ts';
import {
  calibrateGate,
  foreignTable,
  type GateItem,
  gateProbes,
  openComponent,
  runGate,
  writeGateReport,
} from '#inject/index.ts';
import { orDiskFull } from '#kit/temporary.ts';
import { takeMedia } from '#media/index.ts';
import { openEmbeddingTable } from '#tokens/index.ts';
import type { Sensorium } from './compose.ts';
import { openFoundModels } from './found.ts';
import { providersOf } from './providers.ts';
import { type OpenVectorModel, vectorModels } from './vector-models.ts';

export interface GateRequest {
  /** `identity`, `own-table`, or a folder that `sensorium embed fit` has written. */
  readonly component: string;
  /** As it is asked by: `smollm2-135m-instruct`, a GGUF file. */
  readonly model: string;
  /** Own items, a JSON object a line; without them the sentences that ship. */
  readonly items?: string | undefined;
  readonly language?: 'en' | 'zh' | 'both' | undefined;
  onProgress?(progress: { readonly check: string; readonly done: number; readonly total: number }): void;
}

const MOST_BYTES = 16 * 2 ** 20;
const MOST_ITEMS = 1_000;
const CALIBRATION_ITEMS = 24;
const FORMS =
  'An item is a line like {"audio": "a.wav", "text": "what is said"}, {"image": "a.png", "text": "…"} or {"text": "…"}.';

/**
 * Looks whether a model understands what a component makes, and keeps the report in `gates` of the home folder, where answering looks for
 * it. Throws `config.invalid` and `media.*` for items, `inject.*` and `ask.*` for a component or model that cannot be opened.
 */
export async function checkGate(
  request: GateRequest,
  { loaded, sensorium }: { readonly loaded: LoadedConfig; readonly sensorium: Sensorium },
  signal: AbortSignal,
): Promise<GateReport> {
  const { home } = loaded;
  const items = request.items === undefined ? undefined : await readGateItems(request.items);
  return withVectorModel(request.model, { loaded, sensorium }, signal, async (model) => {
    const opened: { close(): Promise<void> }[] = [];
    try {
      const component = await openComponent(request.component, { model, home, signal, modelFile: model.path });
      opened.push(component);
      const tried = items ? await itemsOf(items, sensorium, signal, opened) : gateProbes(request.language);
      // Nothing may be sent to a server before it is known that it can bear it.
      const server = await model.probe?.(signal);
      const report = await runGate(component, model, tried, {
        ...{ signal, component: request.component, model: request.model, server },
        onProgress: (progress) => request.onProgress?.(progress),
      });
      await writeGateReport(home, report);
      return report;
    } finally {
      await Promise.allSettled(opened.map((one) => one.close()));
    }
  });
}

export interface CalibrateGateRequest {
  /** A folder with component.json, into which the calibration is written; any other component has nowhere to keep it. */
  readonly component: string | null;
  readonly model: string;
  /** Seeds of each hostile family. */
  readonly seeds: number;
  /** The GGUF file of another model, whose table is a hostile family of its own. */
  readonly other?: string | undefined;
  onRun?(done: number, total: number): void;
}

/** Measures how well the gate tells useless vectors from useful ones for one model, and keeps that in a component’s manifest. */
export async function calibrateGateFor(
  { component, model: name, seeds, other, onRun }: CalibrateGateRequest,
  opened: { readonly loaded: LoadedConfig; readonly sensorium: Sensorium },
  signal: AbortSignal,
): Promise<GateCalibration> {
  const manifest = component === null ? null : await manifestIn(component);
  return withVectorModel(name, opened, signal, async (model) => {
    const table = other === undefined ? null : await openEmbeddingTable(other, signal);
    try {
      const { calibration } = await calibrateGate(model, {
        signal,
        references: gateProbes('both', CALIBRATION_ITEMS).map(({ reference }) => reference),
        seeds: { hostile: seeds, positive: Math.min(seeds, 5), between: 0 },
        foreign: table && foreignTable(table),
        onRun: (_run, done, total) => onRun?.(done, total),
      });
      if (manifest) await writeManifest(manifest.path, { ...manifest.about, calibration });
      return calibration;
    } finally {
      await table?.close();
    }
  });
}

/** Opens a model for vectors, and closes it again however the work ends. */
async function withVectorModel<T>(
  name: string,
  { loaded: { config, home }, sensorium }: { readonly loaded: LoadedConfig; readonly sensorium: Sensorium },
  signal: AbortSignal,
  work: (model: OpenVectorModel) => Promise<T>,
): Promise<T> {
  const models = vectorModels({
    ...{ config, home },
    providers: providersOf(config, openFoundModels(home)).all,
    ensure: (model, stop) => sensorium.models.ensure(model, { signal: stop, onProgress: sensorium.onDownload }),
  });
  try {
    return await work(await models.get(name, signal));
  } finally {
    await models.close();
  }
}

async function manifestIn(folder: string) {
  const path = join(folder, 'component.json');
  const text = await readFile(path, 'utf8').catch(() => '');
  const about = ComponentManifest.safeParse(parsed(text)).data;
  if (about) return { path, about };
  throw new SensoriumError('inject.component-unusable', `There is no component in ${folder}.`, {
    hint: 'Name a folder that `sensorium embed fit` has written, or leave --component out.',
  });
}

async function writeManifest(path: string, about: ComponentManifest): Promise<void> {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(beside, `${JSON.stringify(about, null, 2)}\n`);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw orDiskFull(error);
  }
}

const Line = z.strictObject({
  text: z.string().min(1),
  audio: z.string().min(1).optional(),
  image: z.string().min(1).optional(),
  video: z.string().min(1).optional(),
});

interface Item {
  readonly text: string;
  readonly path: string | null;
}

/** Reads a file of items. Throws `media.not-found`, `media.too-large`, and `config.invalid` naming the line that is wrong. */
export async function readGateItems(path: string): Promise<readonly Item[]> {
  const about = await stat(path).catch(() => null);
  if (!about?.isFile()) throw new SensoriumError('media.not-found', `There is no file ${path}.`, { hint: FORMS });
  if (about.size > MOST_BYTES) {
    throw new SensoriumError('media.too-large', `${path} has more than ${MOST_BYTES / 2 ** 20} MiB.`, {
      hint: '64 items are enough.',
    });
  }
  const lines = (await readFile(path, 'utf8')).split(/\r?\n/);
  const items = lines.flatMap((line, at) => (line.trim() === '' ? [] : [itemOf(line, at + 1, dirname(resolve(path)))]));
  return items.slice(0, MOST_ITEMS);
}

function itemOf(line: string, number: number, folder: string): Item {
  const found = Line.safeParse(parsed(line));
  if (!found.success)
    throw new SensoriumError('config.invalid', `Line ${number} is not an item.`, {
      hint: FORMS,
      details: { line: number },
    });
  const { text, audio, image, video } = found.data;
  const media = audio ?? image ?? video;
  return { text, path: media === undefined ? null : resolve(folder, media) };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Items with their media taken in and perceived: the component may need either, and the text route is what was perceived. */
async function itemsOf(
  items: readonly Item[],
  sensorium: Sensorium,
  signal: AbortSignal,
  opened: { close(): Promise<void> }[],
): Promise<readonly GateItem[]> {
  const made: GateItem[] = [];
  for (const [at, { text, path }] of items.entries()) {
    const part = `item-${at + 1}`;
    if (path === null) {
      made.push({ input: { part, media: null, perception: null, text }, reference: text, routeText: null });
      continue;
    }
    const media = await takeMedia({ kind: 'path', path }, { part, signal, note: () => {} });
    opened.push(media);
    const perception = await perceptionOf(sensorium.perceive({ media: { kind: 'path', path } }, signal));
    const routeText = perception ? textGiven(perception) : '';
    made.push({ input: { part, media, perception, text: null }, reference: text, routeText });
  }
  return made;
}

async function perceptionOf(events: AsyncIterable<PipelineEvent>) {
  for await (const event of events) if (event.kind === 'part-perceived') return event.perception;
  return null;
}
