import { reliabilitySvg } from '#ledger/index.ts';
import { type Calibration, UTTERANCES_ENOUGH } from './calibrate.ts';

/** The figures of a calibration for a person, in Chinese (`zh…`) or English. */
export function formatCalibration(calibration: Calibration, language?: string | undefined): string {
  const { profile, bins, utterances, unitsLeftOut, eceBefore, notHeard } = calibration;
  const say = isChinese(language) ? ZH : EN;
  const rows = bins.map(({ predicted, observed, items }) => [predicted.toFixed(3), observed.toFixed(3), String(items)]);
  const before = eceBefore === null ? '' : say.before(eceBefore.toFixed(3));
  return [
    say.fitted(utterances, profile.groups, profile.items, profile.errors, profile.signals.join(' + ')),
    ...table([say.head, ...rows]),
    `ECE ${profile.ece.toFixed(3)}${before} · AUROC ${profile.auroc.toFixed(3)} · AP ${profile.ap.toFixed(3)} · ${say.recall(profile.recallAtP60.toFixed(2))}`,
    ...(utterances < UTTERANCES_ENOUGH ? [say.loose] : []),
    ...(unitsLeftOut > 0 ? [say.leftOut(unitsLeftOut)] : []),
    ...notHeard.map(({ line, error }) => say.notHeard(line, error)),
    '',
  ].join('\n');
}

/** Its picture, as SVG. */
export function pictureOf({ profile, bins }: Calibration, language?: string | undefined): string {
  const { id, ece, auroc, items } = profile;
  return reliabilitySvg({ bins, ece, auroc, items }, { title: id, language });
}

const EN = {
  head: ['predicted', 'seen', 'units'],
  fitted: (utterances: number, groups: number, units: number, errors: number, signals: string) =>
    `${utterances} items of ${groups} speakers: ${errors} of ${units} units wrong, judged by ${signals}. Figures are of speakers it was not fitted on.`,
  before: (ece: string) => ` (the recogniser’s own: ${ece})`,
  recall: (recall: string) => `recall ${recall} at precision 0.60`,
  loose: `Fewer than ${UTTERANCES_ENOUGH} items: the figures are loose.`,
  leftOut: (units: number) => `${units} units left out: of another script, or lacking one of the signals.`,
  notHeard: (line: number, error: string) => `Line ${line} was not heard: ${error}`,
};

const ZH: typeof EN = {
  head: ['预测', '实际', '处数'],
  fitted: (utterances, groups, units, errors, signals) =>
    `${utterances} 条，${groups} 位说话人：${units} 处中 ${errors} 处有错，依据 ${signals}。以下数字都来自未参与拟合的说话人。`,
  before: (ece) => `（识别器自报：${ece}）`,
  recall: (recall) => `精确率 0.60 时召回率 ${recall}`,
  loose: `不足 ${UTTERANCES_ENOUGH} 条，数字不够稳。`,
  leftOut: (units) => `有 ${units} 处未计入：文字不同，或缺少某个信号。`,
  notHeard: (line, error) => `第 ${line} 行没有听成：${error}`,
};

function isChinese(language: string | undefined): boolean {
  return /^zh\b/i.test(language ?? '');
}

/** Columns flush right; a Chinese character is two columns wide. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => columnsOf(row[column] ?? '')))) ?? [];
  return rows.map((row) =>
    row.map((cell, at) => `${' '.repeat(Math.max(0, (widths[at] ?? 0) - columnsOf(cell)))}${cell}`).join('  '),
  );
}

function columnsOf(text: string): number {
  return [...text].reduce((sum, sign) => sum + (/\p{Script=Han}/u.test(sign) ? 2 : 1), 0);
}
