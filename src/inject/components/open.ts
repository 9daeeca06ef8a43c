import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { EmbeddingComponent, VectorModel } from '#contract/ports.ts';
import { remembering } from './cache.ts';
import { openConnector } from './connector/component.ts';
import { identity } from './identity.ts';
import { mmproj } from './mmproj.ts';
import { markersOf, ownTable } from './own-table.ts';
import { unusable } from './vectors.ts';

export interface ComponentOptions {
  readonly model: VectorModel;
  /** SENSORIUM_HOME: a component named by a word lies in its folder `components`. */
  readonly home: string;
  readonly signal: AbortSignal;
  /** The GGUF file of the model, which a projector needs beside its own; a model of this machine says it itself (`path`). */
  readonly modelFile?: string | undefined;
}

/**
 * Opens a component: `identity`, `own-table` (`own-table:none`, `own-table:pause,speaker`), `mmproj:/file.gguf`, a folder that `sensorium
 * embed fit` has written, or the name of one in `components` of the home. What it makes of the same content is made once. Throws
 * `inject.component-unusable`.
 */
export async function openComponent(reference: string, options: ComponentOptions): Promise<EmbeddingComponent> {
  const component = await opened(reference, options);
  const { id, projectorSha256, encoder, target } = component.manifest;
  const made = [reference, id, projectorSha256, encoder?.sha256, target.tableSha256, target.tokenizerSha256];
  // Of a model that shows no hash nobody can say that it is the same tomorrow, but in one process it is.
  const identityOf = createHash('sha256')
    .update(JSON.stringify([...made, options.model.id]))
    .digest('hex');
  return remembering(component, identityOf);
}

async function opened(reference: string, options: ComponentOptions): Promise<EmbeddingComponent> {
  const { model, home, signal, modelFile } = options;
  if (reference === 'identity') return identity(model, signal);
  if (/^own-table(:|$)/.test(reference)) return ownTable(model, markersOf(reference), signal);
  if (reference.startsWith('mmproj:')) {
    const file = reference.slice('mmproj:'.length);
    return mmproj({ file, model, modelFile: modelFile ?? fileOf(model), signal });
  }
  for (const folder of isAbsolute(reference) ? [reference] : [join(home, 'components', reference), reference]) {
    const isThere = await stat(join(folder, 'component.json')).then(
      (about) => about.isFile(),
      () => false,
    );
    if (isThere) return openConnector(folder, model, { signal, cacheFolder: join(home, 'tokens') });
  }
  throw unusable(
    reference,
    'there is no such component.',
    'Name identity, own-table, mmproj:/file.gguf, or a folder that `sensorium embed fit` has written.',
  );
}

function fileOf(model: VectorModel & { readonly path?: unknown }): string | undefined {
  return typeof model.path === 'string' ? model.path : undefined;
}
