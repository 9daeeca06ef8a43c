import type { Vendor } from './vendor.ts';

/** A vendor with OpenAI’s API. Of its models nothing is said here that nobody has shown. */
const alike = (name: string, title: string, baseUrl: string, apiKey: string): Vendor => ({
  name,
  title,
  baseUrl,
  dialect: 'openai',
  variables: { apiKey },
  needsKey: true,
  maxTokensField: 'max_tokens',
  models: [],
});

/**
 * Vendors told apart only by address and key. Sources: the providers of vercel/ai (`packages/*`, read 2026-11-26), and for
 * OpenRouter and SiliconFlow their own quickstarts (openrouter.ai/docs, docs.siliconflow.cn, the same day).
 */
export const OPENAI_ALIKES: readonly Vendor[] = [
  alike('deepseek', 'DeepSeek', 'https://api.deepseek.com', 'DEEPSEEK_API_KEY'),
  alike('groq', 'Groq', 'https://api.groq.com/openai/v1', 'GROQ_API_KEY'),
  alike('mistral', 'Mistral', 'https://api.mistral.ai/v1', 'MISTRAL_API_KEY'),
  {
    ...alike('moonshot', 'Moonshot’s Kimi', 'https://api.moonshot.ai/v1', 'MOONSHOT_API_KEY'),
    regions: { china: 'https://api.moonshot.cn/v1' },
  },
  alike('openrouter', 'OpenRouter', 'https://openrouter.ai/api/v1', 'OPENROUTER_API_KEY'),
  {
    ...alike('siliconflow', 'SiliconFlow', 'https://api.siliconflow.cn/v1', 'SILICONFLOW_API_KEY'),
    regions: { international: 'https://api.siliconflow.com/v1' },
  },
  alike('together', 'Together AI', 'https://api.together.xyz/v1', 'TOGETHER_API_KEY'),
];
