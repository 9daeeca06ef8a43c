import { SensoriumError } from '#contract/error.ts';
import type { CallContext, Embedder, MediaEmbedder } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { endpointOf, mustBeOpen, type Provider } from '#upstream/endpoint.ts';
import { isSelfHosted } from '#vendors/index.ts';
import { folderNamed } from '../folders.ts';
import { mustTake } from '../takes.ts';
import { askForVectors, type RemoteModel } from './ask.ts';
import { dashScopeWire } from './dashscope.ts';
import { jinaWire } from './jina.ts';
import { itemOf } from './media.ts';
import { openAiWire } from './openai.ts';
import { vllmWire } from './vllm.ts';
import { voyageWire } from './voyage.ts';
import type { EmbeddingWire } from './wire.ts';

/** Servers that embed, by the vendor's name or its dialect; any other is spoken to as OpenAI's embeddings. One entry each. */
export const EMBEDDING_WIRES: ReadonlyMap<string, EmbeddingWire> = new Map([
  ['openai', openAiWire],
  ['jina', jinaWire],
  ['voyage', voyageWire],
  ['qwen', dashScopeWire],
  ['vllm', vllmWire],
]);

export interface RemoteOptions {
  readonly providers: Readonly<Record<string, Provider>>;
  readonly offline?: boolean | undefined;
}

/** Whether an embedder is on somebody else's server: `provider:model`. */
export function isRemoteEmbedder(id: string): boolean {
  return /^[^:]+:.+$/s.test(id) && folderNamed(id) === null;
}

/**
 * The text embedder `provider:model` on somebody else's server. Where nobody says how long its vectors are, one word is sent to learn it.
 * Throws `embed.unknown-model`, `embed.key-refused`, `embed.offline`, and what that call throws.
 */
export async function remoteEmbedder(id: string, options: RemoteOptions, signal: AbortSignal): Promise<Embedder> {
  const remote = remoteModel(id, options, false);
  const dimensions = await dimensionsOf(remote, signal);
  return {
    id,
    capabilities: {
      dimensions,
      maxTokens: null,
      languages: 'any',
      weightsSha256: null,
      preprocessing: 'as the server does it; length 1',
    },
    async embed(texts, context, purpose) {
      const items = texts.map((text) => ({ kind: 'text' as const, text }));
      const tokens: number[] = [];
      const counting = { ...context, spent: (count: number) => void tokens.push(count) };
      const vectors = await askForVectors(remote, items, { purpose, dimensions }, counting);
      // What was counted for one text is that text's.
      const [only = null] = texts.length === 1 ? tokens : [];
      if (texts.length !== 1) for (const count of tokens) context.spent?.(count);
      return vectors.map((vector) => ({ vector, tokens: only, unknownTokens: null }));
    },
    close: async () => {},
  };
}

/** The same for texts and media in one space. */
export async function remoteMediaEmbedder(
  id: string,
  options: RemoteOptions,
  signal: AbortSignal,
): Promise<MediaEmbedder> {
  const remote = remoteModel(id, options, true);
  const { wire, model } = remote;
  const takes = wire.takes(model);
  if (!takes.some((kind) => kind !== 'text')) {
    throw new SensoriumError('embed.unknown-model', `${id} makes vectors of texts only.`, {
      hint: 'Name a multimodal embedding model of that server.',
    });
  }
  const dimensions = await dimensionsOf(remote, signal);
  return {
    id,
    capabilities: {
      dimensions,
      takes,
      languages: 'any',
      weightsSha256: null,
      preprocessing: 'as the server does it; length 1',
    },
    async texts(texts, context, purpose) {
      const items = texts.map((text) => ({ kind: 'text' as const, text }));
      return askForVectors(remote, items, { purpose, dimensions }, context);
    },
    async media(media, context) {
      mustTake(id, takes, media);
      const vectors: Float32Array[] = [];
      // One after the other, so that no more than one request's media are in memory.
      for (const some of runs(media, remote)) {
        throwIfCancelled(context.signal);
        const items = [];
        for (const medium of some) items.push(await itemOf(medium, remote, context));
        vectors.push(...(await askForVectors(remote, items, { purpose: 'document', dimensions }, context)));
      }
      return vectors;
    },
    close: async () => {},
  };
}

/** Neighbours of one kind, no more of them than one request takes. */
function runs<T extends object>(media: readonly T[], { wire, model }: RemoteModel): T[][] {
  const out: T[][] = [];
  for (const medium of media) {
    const kind = 'sound' in medium ? 'audio' : 'image';
    const open = out.at(-1);
    const same = open?.[0] !== undefined && 'sound' in open[0] === 'sound' in medium;
    if (open && same && open.length < wire.most(model, kind, true)) open.push(medium);
    else out.push([medium]);
  }
  return out;
}

function remoteModel(id: string, { providers, offline = false }: RemoteOptions, forMedia: boolean): RemoteModel {
  const [, name = '', model = ''] = /^([^:]+):(.+)$/s.exec(id) ?? [];
  if (!Object.hasOwn(providers, name) && !EMBEDDING_WIRES.has(name) && !isSelfHosted(name)) {
    throw new SensoriumError('embed.unknown-model', `There is no server called “${name}” to embed with.`, {
      hint: `Known: ${[...EMBEDDING_WIRES.keys()].join(', ')}, and any of your providers as NAME:MODEL.`,
    });
  }
  const endpoint = endpointOf(name, Object.hasOwn(providers, name) ? providers[name] : undefined);
  const wire = EMBEDDING_WIRES.get(name) ?? EMBEDDING_WIRES.get(endpoint.dialect) ?? openAiWire;
  mustBeOpen(endpoint, id, offline, 'embed');
  return { id, model, endpoint, wire, forMedia };
}

async function dimensionsOf(remote: RemoteModel, signal: AbortSignal): Promise<number> {
  const known = remote.wire.dimensions(remote.model);
  if (known !== null) return known;
  const context: CallContext = { signal, note: () => {} };
  const items = [{ kind: 'text' as const, text: 'hello' }];
  const [vector] = await askForVectors(remote, items, { purpose: undefined, dimensions: null }, context);
  return vector?.length ?? 0;
}
