import { basename } from 'node:path';
import type { VectorModel } from '#contract/ports.ts';
import type { ComponentManifest, ConnectorMethod } from '#contract/prompt-vectors.ts';
import { nowMs } from '#kit/clock.ts';
import { hashFile } from '#kit/hash-file.ts';
import { ENGLISH_PROBES } from '../../gate/probe-texts.ts';
import { vectorStatistics } from '../statistics.ts';
import { type OwnSpace, ownSpace } from '../vectors.ts';
import { connectorFor, ownRows } from './component.ts';
import { rowsAt } from './dense.ts';
import { type EncoderSource, tableEncoder } from './encoder.ts';
import { type Fitted, fitConnector, type HeldOut, MOST_CANDIDATES, type Pairs } from './fit.ts';
import { writeComponent } from './folder.ts';
import { readPairs } from './pairs.ts';
import { sharedTokens } from './shared-tokens.ts';

/** What a connector is fitted on: pairs in a file, or the tokens that another language model shares with this one. */
export type FitSource =
  | { readonly kind: 'pairs'; readonly file: string; readonly encoder: string; readonly outputs: string | null }
  | { readonly kind: 'table'; readonly path: string; readonly anchors: number };

export interface FitRequest {
  readonly model: VectorModel;
  readonly source: FitSource;
  readonly method: ConnectorMethod;
  /** Where the component goes. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Where what was read of tokenizers is kept. */
  readonly cacheFolder?: string | undefined;
  tell?(step: string): void;
}

export interface FittedComponent {
  readonly manifest: ComponentManifest;
  readonly heldOut: HeldOut;
  readonly fittedOn: number;
  /** Of fitting alone, without reading. */
  readonly fitMs: number;
}

/** Rows that the usual look of what it makes is taken from. */
const STATISTICS_ROWS = 200;

/** Fits a connector and writes its folder: manifest, settings, weights with their hash. Throws `inject.component-unusable`. */
export async function fitComponent(request: FitRequest): Promise<FittedComponent> {
  const { model, source, method, folder, signal, tell = () => {} } = request;
  const space = await ownSpace(model, 'to be fitted', signal);
  tell(
    source.kind === 'pairs'
      ? `reading ${basename(source.file)}`
      : `looking for tokens that ${basename(source.path)} shares`,
  );
  const { pairs, candidates } = await pairsOf(request, space);
  const startMs = nowMs();
  const fitted = await fitIn(space, pairs, { method, candidates, signal, tell });
  const fitMs = nowMs() - startMs;
  tell('measuring how its vectors look');
  const { fingerprint } = space;
  const manifest = await writeComponent(
    folder,
    {
      schema: 'embedding-component/1',
      id: basename(folder),
      kind: 'connector',
      takes: source.kind === 'table' ? ['text'] : ['audio', 'image', 'video', 'document'],
      encoder: await encoderOf(source, signal),
      projectorSha256: null,
      target: fingerprint,
      vectorsPer: '1 a row of the encoder',
      statistics: await looksOf(fitted, pairs, space, request),
      calibration: null,
    },
    aboutOf(fitted, { source, method, fitMs }),
    fitted.connector,
  );
  return { manifest, heldOut: fitted.heldOut, fittedOn: fitted.fittedOn, fitMs };
}

/** Fits in a model's own space. */
export function fitIn(
  space: OwnSpace,
  pairs: Pairs,
  options: {
    readonly method: ConnectorMethod;
    readonly candidates?: readonly number[] | undefined;
    readonly signal: AbortSignal;
    tell?(step: string): void;
  },
): Promise<Fitted> {
  const own = (tokens: readonly number[]) => ownRows(space, tokens, options.signal);
  return fitConnector(pairs, { ...options, width: space.fingerprint.width, own });
}

async function pairsOf({ source, signal, cacheFolder }: FitRequest, space: OwnSpace) {
  if (source.kind === 'pairs')
    return { pairs: await readPairs(source.file, space.tokenize, signal), candidates: undefined };
  const shared = await sharedTokens({
    ...{ foreign: source.path, tokenize: space.tokenize, anchors: source.anchors },
    ...{ mostCandidates: MOST_CANDIDATES, signal, cacheFolder },
  });
  return { pairs: shared, candidates: shared.candidates };
}

async function encoderOf(source: FitSource, signal: AbortSignal) {
  if (source.kind === 'pairs') return { name: source.encoder, sha256: null };
  return { name: `table:${basename(source.path)}`, sha256: await hashFile(source.path, signal) };
}

async function looksOf(
  { connector }: Fitted,
  pairs: Pairs,
  space: OwnSpace,
  { source, signal, cacheFolder }: FitRequest,
) {
  const map = await connectorFor(connector, space, signal);
  const { width, sketch } = space.fingerprint;
  if (source.kind === 'table') {
    // Tokens that two models share are no sample of what people say, where words repeat.
    const encoder = await tableEncoder(source.path, signal, cacheFolder);
    try {
      const made: Float32Array[] = [];
      for (const text of ENGLISH_PROBES) {
        const { rows } = await encoder.encode({ part: 'a sentence', media: null, perception: null, text });
        made.push(await map(rows, signal));
      }
      return vectorStatistics(made, width, sketch);
    } finally {
      await encoder.close();
    }
  }
  const count = Math.min(STATISTICS_ROWS, pairs.inputs.rows);
  const some = rowsAt(
    pairs.inputs,
    Array.from({ length: count }, (_, at) => Math.floor((at * pairs.inputs.rows) / count)),
  );
  const made = await map(some, signal);
  const rows = Array.from({ length: count }, (_, at) => made.subarray(at * width, (at + 1) * width));
  return vectorStatistics(rows, width, sketch);
}

function aboutOf(
  { connector, heldOut, fittedOn }: Fitted,
  { source, method, fitMs }: { readonly source: FitSource; readonly method: ConnectorMethod; readonly fitMs: number },
) {
  const from: EncoderSource =
    source.kind === 'table' ? { kind: 'table', path: source.path } : { kind: 'outputs', folder: source.outputs };
  return {
    schema: 'embedding-connector/1' as const,
    method,
    source: from,
    shape: shapeOf(connector),
    heldOut,
    fittedOn,
    fitMs,
  };
}

function shapeOf(connector: Fitted['connector']) {
  if (connector.kind === 'regress') return { kind: connector.kind, norm: connector.norm };
  if (connector.kind === 'classify') return { kind: connector.kind, features: connector.features };
  return { kind: connector.kind, top: connector.top, temperature: connector.temperature };
}
