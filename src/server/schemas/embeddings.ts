import { z } from 'zod';

/** What `POST /v1/embeddings` takes. Lists of token numbers are refused: whose tokens they are is not said. */
export const EmbeddingsRequest = z.looseObject({
  input: z.union([z.string(), z.array(z.string()).min(1).max(2048)], {
    error: 'expected a text or a list of up to 2048 texts (token numbers are not taken)',
  }),
  model: z.string().min(1).max(512).optional().describe('The configured embedder where none is named'),
  encoding_format: z.enum(['float', 'base64']).default('float'),
  dimensions: z.number().int().positive().optional(),
  user: z.string().optional(),
});
