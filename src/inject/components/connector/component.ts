import type { EmbeddingComponent, VectorModel } from '#contract/ports.ts';
import { joined } from '../own-table.ts';
import { type OwnSpace, ownSpace, promptVectors, unusable } from '../vectors.ts';
import { applyConnector, type Candidates, type Connector, candidatesOf } from './connector.ts';

import { outputsEncoder, tableEncoder } from './encoder.ts';
import { readComponent } from './folder.ts';

/** Opens a connector that was fitted before and lies in a folder. Throws `inject.component-unusable`. */
export async function openConnector(
  folder: string,
  model: VectorModel,
  { signal, cacheFolder }: { readonly signal: AbortSignal; readonly cacheFolder?: string | undefined },
): Promise<EmbeddingComponent> {
  const { manifest, about, connector } = await readComponent(folder);
  const space = await ownSpace(model, manifest.id, signal);
  if (space.fingerprint.width !== manifest.target.width)
    throw unusable(
      manifest.id,
      `it makes ${manifest.target.width} numbers, ${model.id} takes ${space.fingerprint.width}.`,
    );
  const { source } = about;
  const encoder =
    source.kind === 'table'
      ? await tableEncoder(source.path, signal, cacheFolder)
      : outputsEncoder(manifest.encoder?.name ?? manifest.id, source.folder);
  if (manifest.encoder?.sha256 && encoder.sha256 !== manifest.encoder.sha256) {
    await encoder.close();
    throw unusable(manifest.id, 'its encoder is another file now than the one it was fitted on.');
  }
  const apply = await connectorFor(connector, space, signal);
  return {
    manifest,
    embed: async (input, context) => {
      const { rows, surrogate } = await encoder.encode(input);
      if (rows.columns !== connector.map.inputMean.length)
        throw unusable(
          manifest.id,
          `its encoder gave ${rows.columns} numbers, it takes ${connector.map.inputMean.length}.`,
        );
      const values = await apply(rows, context.signal);
      return promptVectors({
        ...{ part: input.part, width: space.fingerprint.width, values },
        ...{ surrogate, component: manifest.id },
      });
    },
    close: () => encoder.close(),
  };
}

/** A connector put to work in a model's space: the rows a mixture is made of are read once. */
export async function connectorFor(connector: Connector, space: OwnSpace, signal: AbortSignal) {
  const candidates = await candidatesIn(connector, space, signal);
  return (rows: Parameters<typeof applyConnector>[1], stop: AbortSignal) =>
    applyConnector(connector, rows, (tokens) => ownRows(space, tokens, stop), candidates);
}

/** So many rows are asked for at a time. */
const ROWS_AT_ONCE = 1024;

/** Own rows of many tokens, some at a time. */
export async function ownRows(space: OwnSpace, tokens: readonly number[], signal: AbortSignal): Promise<Float32Array> {
  const pieces: Float32Array[] = [];
  for (let at = 0; at < tokens.length; at += ROWS_AT_ONCE)
    pieces.push(await space.rows(tokens.slice(at, at + ROWS_AT_ONCE), signal));
  return joined(pieces);
}

async function candidatesIn(connector: Connector, space: OwnSpace, signal: AbortSignal): Promise<Candidates | null> {
  if (connector.kind !== 'mixture') return null;
  const { width } = space.fingerprint;
  const rows = await ownRows(space, connector.candidates, signal);
  return candidatesOf(rows, width, connector.map.targetMean);
}
