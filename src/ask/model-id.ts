import { SensoriumError } from '#contract/error.ts';
import { nearestName } from '#kit/nearest-name.ts';
import { VENDORS } from '#vendors/index.ts';
import { type LocalModel, localModels } from './local-models.ts';

/** What a model id names: a model of the store, a GGUF file, or a model behind an API. */
export type ModelId =
  | { readonly kind: 'local'; readonly model: LocalModel }
  | { readonly kind: 'file'; readonly path: string; readonly mmproj?: string | undefined }
  | { readonly kind: 'api'; readonly provider: string; readonly model: string };

/** Vendors whose models can be asked. */
const ASKED: ReadonlySet<string> = new Set(VENDORS.filter(({ dialect }) => dialect !== null).map(({ name }) => name));

/**
 * Reads a model id: `smollm2-135m-instruct`, `path/to/model.gguf`, the same with a projector for pictures and sound
 * (`path/to/model.gguf+path/to/mmproj.gguf`), or `provider:model`, where the provider is a known vendor or one of
 * `providers` (names from the configuration). Throws `ask.unknown-model` with what there is.
 */
export function parseModelId(id: string, providers: readonly string[] = []): ModelId {
  const wanted = id.trim();
  const local = localModels().find((model) => model.id === wanted.toLowerCase());
  if (local) return { kind: 'local', model: local };

  const [, provider, model] = /^([^:]+):(.*)$/s.exec(wanted) ?? [];
  const isKnown = provider !== undefined && (ASKED.has(provider) || providers.includes(provider));
  if (isKnown && model) return { kind: 'api', provider, model };
  const [, path, mmproj] = /^(.+?\.gguf)\+(.+\.gguf)$/i.exec(wanted) ?? [];
  if (path !== undefined && mmproj !== undefined) return { kind: 'file', path, mmproj };
  if (/\.gguf$/i.test(wanted)) return { kind: 'file', path: wanted };
  throw unknownModel(wanted, [...new Set([...ASKED, ...providers])]);
}

function unknownModel(id: string, providers: readonly string[]): SensoriumError {
  const names = localModels().map((model) => model.id);
  const forms = [
    ...names,
    'path/to/model.gguf',
    'path/to/model.gguf+path/to/mmproj.gguf',
    ...providers.map((name) => `${name}:MODEL`),
  ];
  const [before, after] = id.toLowerCase().split(':', 2);
  const nearest = after === undefined ? nearestName(before ?? '', names) : nearestName(before ?? '', providers);
  const meant = after === undefined ? nearest : `${nearest}:${after || 'MODEL'}`;
  const suggestion = nearest === null ? '' : `Did you mean ${meant}? `;
  return new SensoriumError('ask.unknown-model', `There is no language model called “${id}”.`, {
    hint: `${suggestion}Known: ${forms.join(', ')}.`,
    details: { known: forms },
  });
}
