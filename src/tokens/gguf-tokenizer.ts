import type { GgufFile } from './gguf-file.ts';
import { preTokenizerOf } from './pre-tokenizers.ts';
import type { PieceKind } from './token-bytes.ts';
import { unusable } from './unusable.ts';

/** A vocabulary with what `@huggingface/tokenizers` needs to cut texts by it. */
export interface Vocabulary {
  readonly name: string;
  readonly kind: PieceKind;
  /** By token number. */
  readonly pieces: readonly string[];
  /** Numbers of pieces that stand for their own letters, and of those that mark something and stand for no text. */
  readonly literal: ReadonlySet<number>;
  /** Numbers of tokens that the file itself calls unused. */
  readonly unused: ReadonlySet<number>;
  /** What a tokenizer.json would say. */
  readonly json: object;
}

/** Kinds of tokens in a GGUF file (llama.cpp, `llama_token_type`). */
const TYPE = { unknown: 2, control: 3, userDefined: 4, unused: 5 };
/** Makes of a GGUF file's vocabulary what a tokenizer.json would say. Marks such as `<|im_end|>` are no tokens in a user's text, as in llama.cpp. */
export function vocabularyOf(file: GgufFile): Vocabulary {
  const model = file.text('tokenizer.ggml.model') ?? 'none';
  const read = file.texts('tokenizer.ggml.tokens');
  if (read === undefined) throw unusable(file.path, 'it has no vocabulary.');
  const pieces = withMarks(read);
  const types = file.numbers('tokenizer.ggml.token_type') ?? [];
  const literal = new Set<number>();
  const unused = new Set<number>();
  const added: object[] = [];
  for (const [id, content] of pieces.entries()) {
    const type = types[id] ?? 1;
    if (type === TYPE.unused) unused.add(id);
    if (type < TYPE.unknown || type > TYPE.unused) continue;
    literal.add(id);
    if (type === TYPE.userDefined && content !== '') added.push(addedToken(id, content));
  }
  const shared = { version: '1.0', post_processor: null, decoder: null, added_tokens: added };
  const named = { name: file.text('general.name') ?? 'gguf', pieces, literal, unused };
  const vocab = Object.fromEntries(pieces.map((piece, id) => [piece, id]));
  if (model === 'gpt2') return { ...named, kind: 'byte-level', json: { ...shared, ...byteLevel(file, vocab) } };
  if (model === 'llama') {
    return { ...named, kind: 'sentence-piece', json: { ...shared, ...sentencePiece(file, vocab, pieces, literal) } };
  }
  throw unusable(file.path, `its vocabulary is of the kind “${model}”, which is not known here.`);
}

/**
 * `@huggingface/gguf` 0.4.6 drops a byte order mark from the start of what it reads. No piece is empty and no two are the
 * same (llama.cpp refuses such files), so one that seems so began with that mark.
 */
function withMarks(read: readonly string[]): string[] {
  const seen = new Set(['']);
  return read.map((piece) => {
    const whole = seen.has(piece) ? `\ufeff${piece}` : piece;
    seen.add(piece);
    return whole;
  });
}

function addedToken(id: number, content: string): object {
  return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: false };
}

function byteLevel(file: GgufFile, vocab: object): object {
  const name = file.text('tokenizer.ggml.pre') ?? 'none';
  const cut = preTokenizerOf(name);
  const merges = file.texts('tokenizer.ggml.merges');
  if (cut === undefined) throw unusable(file.path, `it cuts texts by the rule “${name}”, which is not known here.`);
  if (merges === undefined) throw unusable(file.path, 'it has no merges.');
  const splits = cut.patterns.map((Regex) => ({
    ...{ type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false },
  }));
  return {
    normalizer: null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [...splits, { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false }],
    },
    // A merge is two pieces with one space between; no piece has a space in it.
    model: { type: 'BPE', vocab, merges, ignore_merges: cut.wholeWords },
  };
}

/**
 * SentencePiece joins the neighbours that make the piece of the highest score. The same as merges: each way to make a piece
 * of two others, the highest score first.
 */
function sentencePiece(file: GgufFile, vocab: object, pieces: readonly string[], literal: ReadonlySet<number>): object {
  const scores = file.numbers('tokenizer.ggml.scores');
  if (scores === undefined) throw unusable(file.path, 'its pieces have no scores.');
  const known = new Set(pieces);
  const ways: { readonly rank: number; readonly pair: readonly [string, string] }[] = [];
  for (const [id, piece] of pieces.entries()) {
    if (literal.has(id)) continue;
    const letters = [...piece];
    const rank = scores[id] ?? 0;
    for (let at = 1; at < letters.length; at++) {
      const pair = [letters.slice(0, at).join(''), letters.slice(at).join('')] as const;
      if (known.has(pair[0]) && known.has(pair[1])) ways.push({ rank, pair });
    }
  }
  ways.sort((a, b) => b.rank - a.rank);
  const spaces = { type: 'Replace', pattern: { String: ' ' }, content: '▁' };
  const prefixed = file.flag('tokenizer.ggml.add_space_prefix') ?? true;
  const normalizers = prefixed ? [{ type: 'Prepend', prepend: '▁' }, spaces] : [spaces];
  return {
    normalizer: { type: 'Sequence', normalizers },
    pre_tokenizer: null,
    model: { type: 'BPE', vocab, merges: ways.map(({ pair }) => pair), byte_fallback: true, unk_token: pieces[0] },
  };
}
