import type { Vendor } from './vendor.ts';

const CHAT_DOCS = { source: 'iFLYTEK-OP/websdk-java doc/spark/sparkchat.md', date: '2025-11-14' };
const IMAGE_DOCS = { source: 'iFLYTEK-OP/websdk-java doc/spark/imgunderstandapi.md', date: '2025-11-14' };
const WORDS = { input: ['text'], output: ['text'], embeddings: false } as const;

/**
 * iFlytek's sockets, opened by APPID, APIKey and APISecret: dictation, synthesis, Spark and its picture understanding. Each
 * has a host of its own; this base URL stands for them all.
 */
export const IFLYTEK: Vendor = {
  name: 'iflytek',
  title: 'iFlytek (科大讯飞): dictation, voices, Spark over sockets',
  baseUrl: 'https://spark-api.xf-yun.com',
  dialect: 'spark-socket',
  variables: {
    appId: 'XFYUN_APP_ID',
    apiKey: 'XFYUN_API_KEY',
    apiSecret: 'XFYUN_API_SECRET',
    baseUrl: 'XFYUN_BASE_URL',
  },
  needsKey: true,
  maxTokensField: 'max_tokens',
  listsModels: false,
  models: [
    {
      names: /^(?:general|imagev3)$/,
      facts: {
        input: ['text', 'image'],
        output: ['text'],
        embeddings: false,
        contextTokens: 8_192,
        limits: {
          image: {
            mimeTypes: ['image/jpeg', 'image/png'],
            // Known at second hand only; what is larger is made smaller, which costs little if it was wrong.
            maxBytes: 4 * 2 ** 20,
            maxCount: 1,
            maxSidePx: 12_800,
            maxPixels: 36_000_000,
          },
        },
      },
      ...IMAGE_DOCS,
    },
    { names: /^max-32k$/, facts: { ...WORDS, contextTokens: 32_768 }, ...CHAT_DOCS },
    { names: /^pro-128k$/, facts: { ...WORDS, contextTokens: 131_072 }, ...CHAT_DOCS },
    { names: /^(?:lite|generalv3|generalv3\.5|4\.0Ultra)$/, facts: { ...WORDS, contextTokens: 8_192 }, ...CHAT_DOCS },
    { names: /^(?:x1|spark-x)$/, facts: WORDS, ...CHAT_DOCS },
  ],
};
