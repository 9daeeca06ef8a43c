import type { Vendor } from './vendor.ts';

/** Baidu's speech service: it hears and speaks, and has no language models; those are `ernie`. */
export const BAIDU: Vendor = {
  name: 'baidu',
  title: 'Baidu speech',
  baseUrl: 'https://vop.baidu.com',
  dialect: null,
  variables: { apiKey: 'BAIDU_API_KEY', apiSecret: 'BAIDU_SECRET_KEY', baseUrl: 'BAIDU_BASE_URL' },
  needsKey: true,
  maxTokensField: 'max_tokens',
  listsModels: false,
  models: [],
};
