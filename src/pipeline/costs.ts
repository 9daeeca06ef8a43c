import type { Answer } from '#contract/answer.ts';
import type { Cost } from '#contract/report.ts';
import type { Prices } from '#vendors/index.ts';

const MILLION = 1e6;

/** What the language model's tokens cost. Unknown stays `null`, with the reason. */
export function costOfAnswer(model: string, { usage }: Answer, prices: Prices | null, isLocal: boolean): Cost {
  if (isLocal) return unpriced(model, 0, 'It runs on this machine.');
  if (!prices) return unpriced(model, null, `Nobody has said what ${model} costs (providers.….models.….prices).`);
  if (!usage) return unpriced(model, null, `${model} did not say how many tokens it counted.`);
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
  return { stage: 'ask', engine: model, amount, currency: prices.currency, priceDate: prices.date, reason: null };
}

function unpriced(engine: string, amount: 0 | null, reason: string): Cost {
  return { stage: 'ask', engine, amount, currency: null, priceDate: null, reason };
}

/** What hearing or speaking cost: nothing here, and elsewhere nobody counts what the vendor charges by. */
export function costOfEngine(stage: 'perceive' | 'speak', engine: string, isLocal: boolean): Cost {
  const reason = isLocal ? 'It runs on this machine.' : `Nobody has said what ${engine} charges.`;
  return { stage, engine, amount: isLocal ? 0 : null, currency: null, priceDate: null, reason };
}
