import type { E5Vocabulary } from './packed-model.ts';

const MARKS = ['<s>', '<pad>', '</s>', '<unk>', '<mask>'];

/**
 * The vocabulary as a `tokenizer.json`: SentencePiece's unigram model with the steps of XLM-RoBERTa, which multilingual E5 has (NFKC as
 * SentencePiece does it, runs of spaces as one, `▁` for a space, `<s>` and `</s>` around).
 */
export function tokenizerOf({ pieces, marks }: E5Vocabulary): object {
  const idOf = new Map(pieces.map(([piece], id) => [piece, id]));
  const special = MARKS.flatMap((content) => {
    const id = idOf.get(content);
    return id === undefined ? [] : [{ id, content, ...PLAIN, lstrip: content === '<mask>' }];
  });
  const nameOf = (id: number) => pieces[id]?.[0] ?? '';
  const [begin, end] = [nameOf(marks.begin), nameOf(marks.end)];
  const one = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special,
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'Precompiled', precompiled_charsmap: null },
        { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' },
      ],
    },
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
    post_processor: {
      type: 'TemplateProcessing',
      single: [one(begin), { Sequence: { id: 'A', type_id: 0 } }, one(end)],
      pair: [],
      special_tokens: Object.fromEntries(
        [[begin, marks.begin] as const, [end, marks.end] as const].map(([id, number]) => [
          id,
          { id, ids: [number], tokens: [id] },
        ]),
      ),
    },
    decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
    // Eight digits are more than a float32 has.
    model: {
      type: 'Unigram',
      unk_id: marks.unknown,
      vocab: pieces.map(([piece, logprob]) => [piece, Number(logprob.toPrecision(8))]),
    },
  };
}

const PLAIN = { single_word: false, rstrip: false, normalized: false, special: true };
