import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '#config/index.ts';
import { Ledger, type Mitigation } from '#contract/ledger.ts';
import { type Transcript, textGiven } from '#contract/perception.ts';
import type { Report } from '#contract/report.ts';
import { applyEdits } from '#mend/index.ts';
import { type AnswerRequest, openSensorium } from '#pipeline/index.ts';
import { scoreText } from '#score/index.ts';

// The whole path with real parts: Whisper hears, Qwen 0.5B is asked about doubtful places and then about what it was given. So
// small a model corrects badly; what is shown is that what it proposes does no harm and that everything is in the record.
const shared = fileURLToPath(new URL('../../shared/data/', import.meta.url));
const manifest = `${shared}manifest.jsonl`;
const rows = existsSync(manifest)
  ? readFileSync(manifest, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { file: string; lang: string; text: string | null })
      .filter(({ file, lang, text }) => file.startsWith('audio/') && lang.startsWith('zh') && text)
  : [];
console.log(`mending: ${rows.length} Chinese recordings${rows.length === 0 ? ' (they are absent: skipped)' : ''}`);

const sensorium = openSensorium(loadConfig({ 'hear.tone': false }));
afterAll(() => sensorium.close());

async function ask(file: string, mend: AnswerRequest['mend']): Promise<{ report: Report; heard: Transcript }> {
  const media = [{ kind: 'path', path: `${shared}${file}` }] as const;
  const request = { question: '他说了什么？', media, voice: null, speed: 1, temperature: 0, maxTokens: 40, mend };
  for await (const event of sensorium.answer(request)) {
    if (event.kind !== 'report-made') continue;
    const [heard] = event.report.perceptions;
    if (heard?.kind !== 'transcript') throw new Error('It was not heard.');
    return { report: event.report, heard };
  }
  throw new Error('There was no report.');
}
const recordOf = ({ ledger }: Report, id: Mitigation['id']) => ledger.mitigations.find((one) => one.id === id);
const errorsOf = async (reference: string, text: string) => {
  const { substitutions, deletions, insertions } = await scoreText([reference], text, 'character', 'content');
  return substitutions + deletions + insertions;
};

describe.skipIf(rows.length === 0)('real recordings', () => {
  it('are corrected where they are doubtful, without harm, and the ledger tells all of it', async () => {
    let [before, after, helped, harmed] = [0, 0, 0, 0];
    for (const { file, text: reference } of rows) {
      const { report, heard } = await ask(file, { correct: true });
      expect(Ledger.parse(report.ledger)).toEqual(report.ledger);
      const record = recordOf(report, 'correction');
      expect(record).toMatchObject({ part: 'part-1', by: 'qwen2.5-coder-0.5b-instruct' });
      if (record?.applied) expect(record).toMatchObject({ charactersDeleted: 0, particlesDeleted: 0 });
      const { mended } = heard;
      expect(mended?.edits.length ?? 0).toBe(record?.editsAccepted ?? 0);
      if (mended) expect(applyEdits(heard.text, mended.edits)).toBe(mended.text);
      expect([...textGiven(heard)]).toHaveLength([...heard.text].length);
      const [was, is] = [
        await errorsOf(reference ?? '', heard.text),
        await errorsOf(reference ?? '', textGiven(heard)),
      ];
      before += was;
      after += is;
      helped += is < was ? 1 : 0;
      harmed += is > was ? 1 : 0;
      console.log(
        `${file}: ${was} → ${is} errors; ${record?.note} ${JSON.stringify(record?.refused)} ${textGiven(heard)}`,
      );
    }
    console.log(
      `mending: ${before} errors before, ${after} after; ${helped} helped, ${harmed} harmed of ${rows.length}`,
    );
    expect(after).toBeLessThanOrEqual(before + 1);
  });

  it('have a term of the glossary where it was said', async () => {
    const { report, heard } = await ask('audio/zh_insoles.wav', { glossary: ['磨脚', '鞋垫'] });
    console.log(`glossary: ${heard.text} → ${textGiven(heard)}`);
    expect(textGiven(heard)).toContain('磨脚');
    expect(recordOf(report, 'glossary')).toMatchObject({ applied: true });
    expect(recordOf(report, 'correction')).toBeUndefined();
  });
});
