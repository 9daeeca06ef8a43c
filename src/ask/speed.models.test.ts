import { cpus, loadavg } from 'node:os';
import { expect, it } from 'vitest';
import { nowMs } from '#kit/clock.ts';
import { modelFolder } from '../../test/model-folder.ts';
import { languageModelFor, localModels, SYSTEM_PROMPTS } from './index.ts';

const RUNS = 5;
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Prints how fast the local models are on this machine; the figures of the decision record come from here. */
it('says how fast local models are here', async () => {
  const cores = cpus();
  console.log(`${cores.length} × ${cores[0]?.model}, load ${loadavg()[0]?.toFixed(1)}, medians of ${RUNS}`);
  for (const { id, storeId } of localModels()) {
    const model = await languageModelFor(id, { modelDir: await modelFolder(storeId) });
    const loadStartMs = nowMs();
    await model.warm();
    const loadMs = nowMs() - loadStartMs;

    const measure = async (content: string) => {
      const messages = [
        { role: 'system' as const, content: SYSTEM_PROMPTS.en },
        { role: 'user' as const, content },
      ];
      const startMs = nowMs();
      let firstMs = 0;
      let rate = 0;
      for await (const event of model.ask(
        { messages, maxTokens: 64 },
        { signal: new AbortController().signal, note: () => {} },
      )) {
        if (event.kind === 'text-delta') firstMs ||= nowMs() - startMs;
        else if (event.kind === 'answer-end')
          rate = ((event.answer.usage?.outputTokens ?? 0) - 1) / ((nowMs() - startMs - firstMs) / 1000);
      }
      return { firstMs, rate };
    };

    // Another beginning each time, so that nothing of the question is known already.
    const short = [];
    const long = [];
    for (let run = 0; run < RUNS; run++) {
      short.push(await measure(`${run}. Why is the sky blue? Explain it in a few sentences.`));
      long.push(
        await measure(
          `${run}. ${'The old lighthouse stood by the sea for many years. '.repeat(20)} What stood by the sea?`,
        ),
      );
    }
    const rate = median(short.map((one) => one.rate));
    console.log(
      `${id}: load ${loadMs.toFixed(0)} ms; first token ${median(short.map((one) => one.firstMs)).toFixed(0)} ms after 18 new tokens, ` +
        `${median(long.map((one) => one.firstMs)).toFixed(0)} ms after 230; then ${rate.toFixed(1)} tokens/s`,
    );
    expect(rate).toBeGreaterThan(0);
    await model.close();
  }
});
