import type { LoadedModel } from './model.ts';
import { engineUnusable } from './refusals.ts';

const LONGEST_PIECE_BYTES = 1024;

/** Between texts and tokens, by the model's own vocabulary. */
export function wordsOf({ api, vocab, vocabulary }: LoadedModel) {
  const piece = Buffer.alloc(LONGEST_PIECE_BYTES);
  const first = Number(api.llama_vocab_bos(vocab));
  const last = Number(api.llama_vocab_eos(vocab));
  return {
    /** The tokens of the beginning and the end, −1 where the model has none; `opens` tells whether every text begins with the first. */
    ...{ first, last, opens: first >= 0 && api.llama_vocab_get_add_bos(vocab) === true },
    /** `marks`: what stands for a special token is read as one. `ends`: the model's own first and last tokens are added. */
    tokens(text: string, { marks = false, ends = false } = {}): number[] {
      const bytes = Buffer.from(text);
      const most = bytes.length + 8;
      const found = new Int32Array(most);
      const count = Number(api.llama_tokenize(vocab, bytes, bytes.length, found, most, ends, marks));
      if (count < 0) throw engineUnusable('EMB_ENGINE_ABI', `A text of ${bytes.length} bytes became ${-count} tokens.`);
      return [...found.subarray(0, count)];
    },
    /** The bytes a token stands for; none for marks such as the end of a turn, unless they are asked for. */
    bytes(token: number, marks = false): Buffer {
      if (!Number.isInteger(token) || token < 0 || token >= vocabulary) return Buffer.alloc(0);
      const length = Number(api.llama_token_to_piece(vocab, token, piece, piece.length, 0, marks));
      return Buffer.from(piece.subarray(0, Math.max(0, length)));
    },
    /** Whether a token ends what is generated. */
    ends: (token: number): boolean => api.llama_vocab_is_eog(vocab, token) === true,
  };
}
