/**
 * How a model's text is cut before pairs are merged, by the name a GGUF file gives it (`tokenizer.ggml.pre`). The file holds
 * the name only. The expressions are those of the models' own tokenizer.json; which name means which, and whose whole words
 * are taken without merging, is from llama.cpp's `src/llama-vocab.cpp`. Each is applied to the pieces the one before left.
 */
export interface PreTokenizer {
  readonly patterns: readonly string[];
  /** A piece that is in the vocabulary is one token, whatever the merges say. */
  readonly wholeWords: boolean;
}

const CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const REST = ' ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+';
const WORDS = '[^\\r\\n\\p{L}\\p{N}]?\\p{L}+';

const GPT_2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
const LLAMA_3 = `${CONTRACTIONS}|${WORDS}|\\p{N}{1,3}|${REST}`;
const QWEN_2 = `${CONTRACTIONS}|${WORDS}|\\p{N}|${REST}`;
const QWEN_3_5 = `${CONTRACTIONS}|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;

/** GPT-4o and Tekken tell a word's capitals from what follows. */
const CAPITALS = '[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]';
const SMALL = '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]';
const BEFORE = '[^\\r\\n\\p{L}\\p{N}]?';
const REST_WITH_SLASH = ' ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+';
const GPT_4O = `${BEFORE}${CAPITALS}*${SMALL}+${CONTRACTIONS}?|${BEFORE}${CAPITALS}+${SMALL}*${CONTRACTIONS}?|\\p{N}{1,3}|${REST_WITH_SLASH}`;
const TEKKEN = `${BEFORE}${CAPITALS}*${SMALL}+|${BEFORE}${CAPITALS}+${SMALL}*|\\p{N}|${REST_WITH_SLASH}`;

const DEEPSEEK_3 =
  '[!"#$%&\'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+';

const ONE = (pattern: string) => ({ patterns: [pattern], wholeWords: false });
const DIGITS_THEN_GPT_2 = { patterns: ['\\p{N}', GPT_2], wholeWords: false };
const LLAMA = { patterns: [LLAMA_3], wholeWords: true };
const DEEPSEEK_V3 = { patterns: ['\\p{N}{1,3}', '[一-龥぀-ゟ゠-ヿ]+', DEEPSEEK_3], wholeWords: false };

const BY_NAME: ReadonlyMap<string, PreTokenizer> = new Map([
  ...[
    'gpt-2',
    'phi-2',
    'mpt',
    'olmo',
    'jais',
    'exaone4',
    'trillion',
    'gigachat',
    'a.x-4.0',
    'mellum',
    'granite-docling',
  ].map((name) => [name, ONE(GPT_2)] as const),
  ...['smollm', 'starcoder', 'refact', 'command-r', 'codeshell', 'exaone', 'minerva-7b', 'mellum2'].map(
    (name) => [name, DIGITS_THEN_GPT_2] as const,
  ),
  ...['llama3', 'llama-v3', 'llama-bpe', 'falcon3', 'falcon-h1', 'pixtral', 'midm-2.0', 'lfm2'].map(
    (name) => [name, LLAMA] as const,
  ),
  ...['dbrx', 'smaug-bpe', 'glm4', 'chatglm-bpe'].map((name) => [name, ONE(LLAMA_3)] as const),
  ...['qwen2', 'deepseek-r1-qwen', 'kormo', 'stablelm2', 'megrez', 'hunyuan', 'solar-open', 'grok-2'].map(
    (name) => [name, ONE(QWEN_2)] as const,
  ),
  ['qwen35', ONE(QWEN_3_5)],
  ...['gpt-4o', 'llama4', 'kanana2', 'minimax-m2'].map((name) => [name, ONE(GPT_4O)] as const),
  ['tekken', { patterns: [TEKKEN], wholeWords: true }],
  ...['deepseek-v3', 'hunyuan-dense', 'joyai-llm'].map((name) => [name, DEEPSEEK_V3] as const),
  [
    'deepseek-llm',
    {
      patterns: [
        '[\\r\\n]',
        '\\s?[\\p{Lu}\\p{Ll}\\p{Lt}]+',
        '\\s?[!-/:-~！-／：-～‘-‟\\u3000-。]+',
        '\\s+$',
        '[一-龥ࠀ-一가-퟿]+',
        '\\p{N}+',
      ],
      wholeWords: false,
    },
  ],
  [
    'deepseek-coder',
    { patterns: ['[\\r\\n]', '\\s?\\p{L}+', '\\s?\\p{P}+', '[一-龥ࠀ-一가-퟿]+', '\\p{N}'], wholeWords: false },
  ],
]);

/** The cut a GGUF file names; `undefined` where this table does not know it. */
export function preTokenizerOf(name: string): PreTokenizer | undefined {
  return BY_NAME.get(name);
}
