import type { Vendor } from './vendor.ts';

/** A server for voices that people run themselves; it has no language models. */
const voices = (name: string, title: string, baseUrl: string, variable: string): Vendor => ({
  name,
  title,
  baseUrl,
  dialect: null,
  variables: { baseUrl: variable },
  needsKey: false,
  maxTokensField: 'max_tokens',
  listsModels: false,
  models: [],
});

/** FunAudioLLM/CosyVoice `runtime/python/fastapi/server.py` (0a6dbb3). */
export const COSYVOICE = voices('cosyvoice', 'CosyVoice’s own server', 'http://127.0.0.1:50000', 'COSYVOICE_BASE_URL');

/** RVC-Boss/GPT-SoVITS `api_v2.py` (0235857). */
export const GPT_SOVITS = voices('gpt-sovits', 'GPT-SoVITS', 'http://127.0.0.1:9880', 'GPT_SOVITS_BASE_URL');
