import { SensoriumError } from '#contract/error.ts';
import type { Pixels } from '#contract/media.ts';
import { loadTransformers } from '#runtime/transformers.ts';
import { keepOne } from '#runtime/worker/keep-one.ts';
import { serve } from '#runtime/worker/serve.ts';
import { florenceFiles } from './files.ts';

/** A picture to describe and the folder of the model to do it with. */
export interface DescribeCall {
  readonly folder: string;
  readonly threads: number;
  readonly pixels: Pixels;
}

/** `objects` in the order found, each name once. `ended`: the model came to an end by itself, with the text and with the objects. */
export interface DescribeReply {
  readonly text: string;
  readonly objects: readonly string[];
  readonly ended: { readonly text: boolean; readonly objects: boolean };
}

/** Its makers bound both by this (the model card of microsoft/Florence-2-base-ft). */
const MOST_TOKENS = 1024;
const TEXT = '<MORE_DETAILED_CAPTION>';
const OBJECTS = '<OD>';

type Library = Awaited<ReturnType<typeof loadTransformers>>;
type Tensor = InstanceType<Library['Tensor']>;
type Processor = InstanceType<Library['Processor']>;

/** What of Florence-2 is used, which the library's own declarations leave open. */
interface Florence extends InstanceType<Library['PreTrainedModel']> {
  encode_image(inputs: object): Promise<Tensor>;
  encode_text(inputs: object): Promise<Tensor>;
}
interface FlorenceProcessor extends Processor {
  readonly image_processor: NonNullable<Processor['image_processor']>;
  readonly tokenizer: NonNullable<Processor['tokenizer']>;
  construct_prompts(task: string): string[];
  post_process_generation(text: string, task: string, size: [number, number]): Readonly<Record<string, unknown>>;
}
interface Loaded {
  readonly library: Library;
  readonly processor: FlorenceProcessor;
  readonly model: Florence;
}

let threads = 1;
const modelFor = keepOne(load);

serve({
  async describe(call: DescribeCall, signal: AbortSignal): Promise<DescribeReply> {
    threads = call.threads;
    const loaded = await modelFor(call.folder);
    const picture = await lookAt(loaded, call.pixels);
    const told = await tell(loaded, picture, TEXT, signal);
    const found = await tell(loaded, picture, OBJECTS, signal);
    const { labels = [] } = found.answer as { labels?: readonly string[] };
    return {
      text: String(told.answer).trim(),
      objects: [...new Set(labels.filter((label) => label !== ''))],
      ended: { text: told.ended, objects: found.ended },
    };
  },
});

// The picture goes through the largest of the four graphs once, for both questions.
async function lookAt({ library, processor, model }: Loaded, { rgb, widthPx, heightPx }: Pixels): Promise<Tensor> {
  const image = new library.RawImage(rgb, widthPx, heightPx, 3);
  const { pixel_values } = await processor.image_processor(image);
  return model.encode_image({ pixel_values });
}

async function tell({ library, processor, model }: Loaded, picture: Tensor, task: string, signal: AbortSignal) {
  const { cat, ones, InterruptableStoppingCriteria } = library;
  const prompt = processor.tokenizer(processor.construct_prompts(task));
  const words = await model.encode_text({ input_ids: prompt.input_ids });
  const stop = new InterruptableStoppingCriteria();
  const interrupt = () => stop.interrupt();
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    const made = (await model.generate({
      inputs_embeds: cat([picture, words], 1),
      attention_mask: cat([ones(picture.dims.slice(0, 2)), prompt.attention_mask], 1),
      max_new_tokens: MOST_TOKENS,
      stopping_criteria: stop,
    } as Parameters<Florence['generate']>[0])) as Tensor;
    const [text = ''] = processor.batch_decode(made, { skip_special_tokens: false });
    // Places are not asked for, so the size of the picture does not matter.
    const answer = processor.post_process_generation(text, task, [1, 1])[task] ?? '';
    return { answer, ended: text.trimEnd().endsWith('</s>') };
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}

async function load(folder: string): Promise<Loaded> {
  const library = await loadTransformers();
  const dtype = { ...(await florenceFiles(folder)) };
  try {
    const [processor, model] = await Promise.all([
      library.AutoProcessor.from_pretrained(folder),
      library.Florence2ForConditionalGeneration.from_pretrained(folder, {
        dtype,
        device: 'cpu',
        session_options: { intraOpNumThreads: threads, logSeverityLevel: 3 },
      }),
    ]);
    return { library, processor: processor as FlorenceProcessor, model: model as unknown as Florence };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SensoriumError('see.unknown-engine', `The Florence-2 in ${folder} does not open: ${why.slice(0, 300)}`, {
      hint: 'Get all of its files again: they may be broken or of two releases.',
      cause: error,
    });
  }
}
