import type { ModelFacts, ModelRow, Vendor } from './vendor.ts';

const VISION_PAGE = {
  source: 'Baidu’s Qianfan documentation, visual understanding (cloud.baidu.com/doc/qianfan-api/s/rm7u7qdiq)',
  date: '2026-11-26',
};

const MB = 1_000_000;
/** Read as decimal megabytes, the smaller of the two things the page may mean. */
const IMAGE = { maxBytes: 10 * MB, minSidePx: 5, maxSidePx: 5_999 };

const sees = (maxVideoBytes: number): ModelFacts => ({
  input: ['text', 'image', 'video'],
  output: ['text'],
  embeddings: false,
  limits: { image: IMAGE, video: { maxBytes: maxVideoBytes } },
});

const VISION: readonly ModelRow[] = [
  { names: /^ernie-4\.5-turbo-vl(?:-|$)|^ernie-5\.0-thinking-preview$/, facts: sees(128 * MB), ...VISION_PAGE },
  { names: /^ernie-4\.5-vl-28b-a3b(?:-|$)|^ernie-5\.[01](?:-|$)/, facts: sees(64 * MB), ...VISION_PAGE },
  {
    names: /^ernie-4\.5-8k-preview$|^qwen2\.5-vl-|^llama-4-/,
    facts: { input: ['text', 'image'], output: ['text'], embeddings: false, limits: { image: IMAGE } },
    ...VISION_PAGE,
  },
];

export const ERNIE: Vendor = {
  name: 'ernie',
  title: 'Baidu Qianfan (ERNIE)',
  baseUrl: 'https://qianfan.baidubce.com/v2',
  dialect: 'ernie',
  variables: { apiKey: 'QIANFAN_API_KEY', baseUrl: 'QIANFAN_BASE_URL' },
  needsKey: true,
  maxTokensField: 'max_completion_tokens',
  models: [
    ...VISION,
    {
      names: /^ernie-4\.5-turbo(?:-128k)?(?:-preview)?$|^ernie-x1\.1-preview$/,
      facts: { input: ['text'], output: ['text'], embeddings: false },
      ...VISION_PAGE,
    },
  ],
};
