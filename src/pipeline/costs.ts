import type { Answer } from '#contract/answer.ts';
import type { Cost } from '#contract/report.ts';
import type { Prices } from '#vendors/index.ts';

const MILLION = 1e6;

/** What the language model's tokens cost. Unknown stays `null`, with the reason. */
export function costOfAnswer(model: string, { usage }: Answer, prices: Prices | null, isLocal: boolean): Cost {
  const about = { stage: 'ask' as const, engine: model };
  const unknown = (reason: string): Cost => ({ ...about, amount: null, currency: null, priceDate: null, reason });
  if (isLocal) return { ...about, amount: 0, currency: null, priceDate: null, reason: 'It runs on this machine.' };
  if (!prices) return unknown(`Nobody has said what ${model} costs (providers.….models.….prices).`);
  if (!usage) return unknown(`${model} did not say how many tokens it counted.`);
  const { inputAudioTokens = 0, outputAudioTokens = 0, cachedTokens = 0 } = usage;
  const audioIn = prices.inputAudioPerMillion === undefined ? 0 : inputAudioTokens;
  const audioOut = prices.outputAudioPerMillion === undefined ? 0 : outputAudioTokens;
  const cached = prices.cachedPerMillion === undefined ? 0 : cachedTokens;
  const amount =
    ((usage.inputTokens - audioIn - cached) * prices.inputPerMillion +
      audioIn * (prices.inputAudioPerMillion ?? 0) +
      cached * (prices.cachedPerMillion ?? 0) +
      (usage.outputTokens - audioOut) * prices.outputPerMillion +
      audioOut * (prices.outputAudioPerMillion ?? 0)) /
    MILLION;
  return { ...about, amount, currency: prices.currency, priceDate: prices.date, reason: null };
}

/** What hearing or speaking cost: nothing here, and elsewhere nobody counts what the vendor charges by. */
export function costOfEngine(stage: 'perceive' | 'speak', engine: string, isLocal: boolean): Cost {
  const reason = isLocal ? 'It runs on this machine.' : `Nobody has said what ${engine} charges.`;
  return { stage, engine, amount: isLocal ? 0 : null, currency: null, priceDate: null, reason };
}
