import type { Vendor } from './vendor.ts';

const SDK_DOCS = { source: 'iFLYTEK-OP/websdk-java doc/spark/sparkchat.md', date: '2025-11-14' };
const WORDS = { input: ['text'], output: ['text'], embeddings: false } as const;

/** Spark over HTTP, opened by an APIPassword. Its sockets, and iFlytek's speech, are `iflytek`. */
export const SPARK: Vendor = {
  name: 'spark',
  title: 'iFlytek Spark (讯飞星火), over HTTP',
  baseUrl: 'https://spark-api-open.xf-yun.com/v1',
  dialect: 'spark',
  variables: { apiKey: 'SPARK_API_PASSWORD', baseUrl: 'SPARK_BASE_URL' },
  needsKey: true,
  maxTokensField: 'max_tokens',
  listsModels: false,
  models: [
    { names: /^max-32k$/, facts: { ...WORDS, contextTokens: 32_768 }, ...SDK_DOCS },
    { names: /^pro-128k$/, facts: { ...WORDS, contextTokens: 131_072 }, ...SDK_DOCS },
    { names: /^(?:lite|generalv3|generalv3\.5|4\.0Ultra)$/, facts: { ...WORDS, contextTokens: 8_192 }, ...SDK_DOCS },
    { names: /^(?:x1|spark-x|kjwx)$/, facts: WORDS, ...SDK_DOCS },
  ],
};
