import { loadMtmd, MEDIA_MARK } from '#runtime/mtmd.ts';

/** What the library itself writes after `look`, a medium and `the`: model, projector and file as arguments; one line of JSON last. */
const [model = '', projector = '', medium = ''] = process.argv.slice(2);
const context = await loadMtmd({ model, n_ctx: 1024, n_threads: 1 });
context.initMultimodal({ path: projector, use_gpu: false });
const prompt = `look ${MEDIA_MARK} the`;
const { tokens } = await context.tokenize(prompt, { media_paths: [medium] });
const asked = { prompt, media_paths: [medium], n_predict: 12, temperature: 0, top_k: 1, stop: [], penalty_repeat: 1 };
const { text } = await context.completion(asked, () => {});
console.log(`\n${JSON.stringify({ tokens: [...tokens], text })}`);
process.exit(0);
