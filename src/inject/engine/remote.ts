import { createHash } from 'node:crypto';
import { SensoriumError } from '#contract/error.ts';
import type { VectorModel } from '#contract/ports.ts';
import type { ModelFingerprint, PromptPiece } from '#contract/prompt-vectors.ts';
import { type GgufFile, hasPerLayerInputs, openEmbeddingTable, openTokens, readGguf } from '#tokens/index.ts';
import { type Endpoint, mustBeOpen } from '#upstream/endpoint.ts';
import type { ServerFinding } from '../gate/check-server.ts';
import { sketchOf, sketchTokens, tokenizerHash } from './fingerprint.ts';
import { probeServer } from './probe-server.ts';
import { vectorServer, type WholePrompt } from './vector-server.ts';

export interface RemoteVectorModelOptions {
  /** As users name it: `vllm:Qwen/Qwen2.5-0.5B-Instruct`. */
  readonly id: string;
  readonly endpoint: Endpoint;
  /** The model's name as the server knows it. */
  readonly model: string;
  /** The same model's GGUF file, or a folder with its tokenizer.json and safetensors: nobody else can tell its tokens and its rows. */
  readonly tokens: string;
  /** What the server multiplies rows of its own table by and raw vectors not; 1 where nothing is said. The gate finds it out. */
  readonly scale?: number | undefined;
  readonly cacheFolder?: string | undefined;
  readonly offline?: boolean | undefined;
  readonly signal: AbortSignal;
}

/** A model of vLLM or SGLang, asked with prompts of vectors. */
export interface RemoteVectorModel extends VectorModel {
  readonly rows: NonNullable<VectorModel['rows']>;
  /** Check G0: whether the server takes vectors. */
  probe(signal: AbortSignal): Promise<ServerFinding>;
}

/**
 * Opens a model of a server for vectors. Nothing is sent yet. The tokens within a prompt of both go in as rows of the model's own table,
 * since neither server takes both. Throws `inject.engine-unusable`, `ask.offline`, `ask.key-refused`.
 */
export async function openRemoteVectorModel(options: RemoteVectorModelOptions): Promise<RemoteVectorModel> {
  const { id, endpoint, model, tokens: source, scale = 1 } = options;
  mustBeOpen(endpoint, id, options.offline ?? false);
  const server = vectorServer(endpoint, model);
  const gguf = source.endsWith('.gguf') ? await readGguf(source, options.signal) : null;
  const table = await openEmbeddingTable(source, options.signal).catch((error: unknown) => {
    throw new SensoriumError('inject.engine-unusable', `The input table of ${id} cannot be read from ${source}.`, {
      hint: 'Give the GGUF file of the very model that is served, or its folder with tokenizer.json and safetensors.',
      cause: error,
    });
  });
  const { width } = table;
  const { cacheFolder } = options;
  const words = await openTokens(source, options.signal, { cacheFolder }).catch(async (error: unknown) => {
    await table.close();
    throw error;
  });

  const rows = async (tokens: readonly number[]) => {
    const flat = new Float32Array(tokens.length * width);
    for (const [at, row] of (await table.rows(tokens)).entries()) flat.set(row, at * width);
    return flat;
  };
  const whole = async (prompt: readonly PromptPiece[]): Promise<WholePrompt> => {
    const tokens = prompt.flatMap((piece) => ('tokens' in piece ? [piece.tokens] : []));
    if (tokens.length === prompt.length) return { tokens: tokens.flat() };
    const pieces = await Promise.all(
      prompt.map(async (piece) =>
        'tokens' in piece ? (await rows(piece.tokens)).map((value) => value * scale) : piece.vectors,
      ),
    );
    const values = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
      values.set(piece, at);
      at += piece.length;
    }
    return { rows: values.length / width, width, values };
  };

  return {
    id,
    rows,
    logits: null,
    score: null,
    async tokenize(text) {
      return words.encode(text);
    },
    async fingerprint(signal): Promise<ModelFingerprint> {
      const version = await server.version(signal);
      return {
        engine: version === null ? server.name : `${server.name} ${version}`,
        ...(gguf === null ? UNTOLD : toldBy(gguf)),
        width,
        vocabulary: table.count,
        // How the server stores its table nobody sees; the sketch tells whether it is the same one.
        ...{ tableSha256: null, tableType: null },
        sketch: sketchOf(await rows(sketchTokens(table.count)), width),
        scale,
        positionStreams: null,
      };
    },
    next: async (prompt, top, signal) => (await server.write(await whole(prompt), 1, top, signal)).top,
    write: async (prompt, maxTokens, signal) => (await server.write(await whole(prompt), maxTokens, 1, signal)).text,
    probe: (signal) => probeServer({ endpoint, model, width, signal }),
    close: () => table.close(),
  };
}

type Told = Pick<
  ModelFingerprint,
  'architecture' | 'tokenizerSha256' | 'perLayerInputs' | 'deepstackLayers' | 'chatTemplateSha256'
>;

const UNTOLD: Told = {
  ...{ architecture: null, tokenizerSha256: null, chatTemplateSha256: null },
  ...{ perLayerInputs: null, deepstackLayers: null },
};

function toldBy(file: GgufFile): Told {
  const template = file.text('tokenizer.chat_template');
  return {
    ...UNTOLD,
    architecture: file.text('general.architecture') ?? null,
    tokenizerSha256: tokenizerHash(file),
    perLayerInputs: hasPerLayerInputs(file),
    chatTemplateSha256: template === undefined ? null : createHash('sha256').update(template).digest('hex'),
  };
}
