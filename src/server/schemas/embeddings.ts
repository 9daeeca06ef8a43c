import { z } from 'zod';

const Address = z.union([z.object({ url: z.string() }), z.string().transform((url) => ({ url }))], {
  error: 'expected an address, or an object with one in `url`',
});

/** Something to embed, as a part of a chat message: media come as an http or https address, a data URL, or base64. */
const InputPart = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('image_url'), image_url: Address }),
  z.object({ type: z.literal('audio_url'), audio_url: Address }),
  z.object({
    type: z.literal('input_audio'),
    input_audio: z.object({ data: z.string(), format: z.string().optional() }),
  }),
]);
export type InputPart = z.infer<typeof InputPart>;

/** What `POST /v1/embeddings` takes. Lists of token numbers are refused: whose tokens they are is not said. */
export const EmbeddingsRequest = z.looseObject({
  input: z.union(
    [
      z.string(),
      z
        .array(z.union([z.string(), InputPart]))
        .min(1)
        .max(2048),
    ],
    { error: 'expected a text or a list of up to 2048 texts and media parts (token numbers are not taken)' },
  ),
  model: z
    .string()
    .min(1)
    .max(512)
    .optional()
    .describe('The configured embedder for texts, pictures or sounds where none is named'),
  encoding_format: z.enum(['float', 'base64']).default('float'),
  dimensions: z.number().int().positive().optional(),
  input_type: z
    .enum(['query', 'document'])
    .optional()
    .describe(
      'What texts are, for models that read questions and passages differently; compared with each other otherwise',
    ),
  user: z.string().optional(),
});
