import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { ModelFingerprint } from '#contract/prompt-vectors.ts';
import type { EngineInfo, TablePlace } from '#runtime/libllama/client.ts';
import type { GgufFile } from '#tokens/index.ts';

/** Rows of the sketch: enough to know a table, few enough for a manifest. */
const SKETCH_ROWS = 64;

/** What tells this model's input space from another's; `engine` is who runs it, `rows` reads its table. */
export async function fingerprintOf(
  file: GgufFile,
  place: TablePlace,
  engine: { readonly name: string; readonly info: EngineInfo; rows(tokens: readonly number[]): Promise<Float32Array> },
  signal: AbortSignal,
): Promise<ModelFingerprint> {
  const { info } = engine;
  const template = file.text('tokenizer.chat_template');
  return {
    engine: engine.name,
    architecture: file.text('general.architecture') ?? null,
    width: info.width,
    vocabulary: info.vocabulary,
    tokenizerSha256: tokenizerHash(file),
    tableSha256: await tableHash(file.path, place, info, signal),
    tableType: info.tableType.toUpperCase(),
    sketch: sketchOf(await engine.rows(sketchTokens(info.vocabulary)), info.width),
    scale: info.roundTrip?.scale ?? 1,
    perLayerInputs: info.roundTrip === null,
    deepstackLayers: info.width / info.tokenWidth - 1,
    positionStreams: info.positionStreams,
    chatTemplateSha256: template === undefined ? null : createHash('sha256').update(template).digest('hex'),
  };
}

/** The rows that make the sketch: as far from each other as can be. */
export function sketchTokens(vocabulary: number): readonly number[] {
  return Array.from({ length: SKETCH_ROWS }, (_, at) => Math.floor((at * vocabulary) / SKETCH_ROWS));
}

/** Four digits are enough: a table in 8 bits is further off than that. */
export function sketchOf(rows: Float32Array, width: number): number[][] {
  return Array.from({ length: rows.length / width }, (_, row) =>
    Array.from(rows.subarray(row * width, (row + 1) * width), (value) => Number(value.toPrecision(4))),
  );
}

const SPECIAL = ['bos', 'eos', 'eot', 'eom', 'unknown', 'seperator', 'separator', 'padding', 'cls', 'mask'];
const RULES = ['add_bos_token', 'add_eos_token', 'add_sep_token', 'add_space_prefix', 'remove_extra_whitespaces'];

/** Over the pieces in their order with their kinds and scores, the merges, the special tokens, and the rules for the first and last. */
export function tokenizerHash(file: GgufFile): string {
  const hash = createHash('sha256');
  const key = (name: string) => `tokenizer.ggml.${name}`;
  add(hash, [file.text(key('model')) ?? '', file.text(key('pre')) ?? '']);
  add(hash, file.texts(key('tokens')) ?? []);
  add(hash, file.texts(key('merges')) ?? []);
  add(hash, (file.numbers(key('token_type')) ?? []).map(String));
  add(hash, (file.numbers(key('scores')) ?? []).map(String));
  add(
    hash,
    SPECIAL.map((name) => `${name} ${file.number(key(`${name}_token_id`))}`),
  );
  add(
    hash,
    RULES.map((name) => `${name} ${file.flag(key(name))}`),
  );
  return hash.digest('hex');
}

/** Each with its length, so that no two lists look the same. */
function add(hash: Hash, list: readonly string[]): void {
  hash.update(`${list.length}:`);
  hash.update(list.map((text) => `${text.length}:${text}`).join(''));
}

async function tableHash(path: string, place: TablePlace, info: EngineInfo, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256').update(`${info.tableType}:`);
  const { offset } = place;
  const end = offset + info.rowBytes * place.count - 1;
  for await (const bytes of createReadStream(path, { start: offset, end, signal, highWaterMark: 2 ** 20 })) {
    hash.update(bytes);
  }
  return hash.digest('hex');
}
