import { tensorFile } from '#kit/tensor/tensor.ts';
import type { ChatShape } from '../openai/shape.ts';
import { noPlace } from '../openai/wire-messages.ts';
import { VLLM_SHAPE } from '../vllm/shape.ts';

/** What the engine of this machine does not heed, beside the values that change nothing. */
const UNHEEDED: Readonly<Record<string, readonly unknown[]>> = {
  frequency_penalty: [0],
  presence_penalty: [0],
  logit_bias: [],
  tools: [],
  tool_choice: ['none', 'auto'],
  parallel_tool_calls: [true, false],
  response_format: [],
};

/** Our own engine, asked as vLLM is. Numbers go to it as they are, for its logits to be those of tokens to the bit. */
export const LOCAL_VECTORS_SHAPE: ChatShape = {
  ...VLLM_SHAPE,
  accepts: () => false,
  wirePart: ({ media }) => {
    throw noPlace(media);
  },
  vectorPart: (vectors, slots) => ({
    type: 'prompt_embeds',
    data: slots.holdMade(tensorFile(vectors, 'float32')),
  }),
  changeBody({ body, request, leaveOut }) {
    // As other models of this machine: the same question has the same answer unless something else is asked for.
    body.temperature ??= 0;
    if (request.responseFormat?.kind === 'text') delete body.response_format;
    for (const [field, harmless] of Object.entries(UNHEEDED)) {
      if (harmless.includes(body[field])) delete body[field];
      else leaveOut(field);
    }
  },
};
