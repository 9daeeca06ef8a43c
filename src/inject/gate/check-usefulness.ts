import type { GateCheck, GateReport } from '#contract/gate.ts';
import type { Interval } from '#score/index.ts';
import { intervalInWords } from './check-behaviour.ts';
import { NO_LOSS } from './rules.ts';
import { failed, passed } from './verdict.ts';

/** Whether vectors tell a model as much as the text route does on the same items; the difference of both shares, vectors minus text. */
export function checkUsefulness(share: Interval, text: Interval, difference: Interval): GateCheck {
  const figures = {
    value: difference.value,
    measured: `${intervalInWords(share)} against ${intervalInWords(text)}, difference ${intervalInWords(difference)}`,
    threshold: `no loss of more than ${NO_LOSS} in the lower bound`,
  };
  if (difference.low !== null && difference.low >= -NO_LOSS) {
    return passed('usefulness', 'Vectors tell the model as much as the text would.', figures);
  }
  const certain = difference.high !== null && difference.high < 0;
  return failed('usefulness', 'warned', 'EMB_WORSE_THAN_TEXT', {
    ...figures,
    message: certain
      ? 'Vectors tell the model less than the text would.'
      : 'It is not shown that vectors tell the model as much as the text would.',
    remedy: 'The text route is taken by itself; choose the embedding route only for what a text cannot carry.',
  });
}

/** Whether the gate found that nothing is lost against text, so that vectors may be chosen by themselves. */
export function isUsefulAgainstText({ checks }: GateReport): boolean {
  return checks.some(({ check, outcome }) => check === 'usefulness' && outcome === 'passed');
}
