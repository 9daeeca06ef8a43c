import { z } from 'zod';
import { VoiceName } from './chat.ts';

/** What `POST /v1/audio/speech` takes. */
export const SpeechRequest = z.looseObject({
  model: z.string().min(1).max(512).optional(),
  input: z.string().min(1).max(50_000),
  voice: VoiceName.optional(),
  instructions: z.string().max(4096).nullish(),
  response_format: z.enum(['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm']).default('mp3'),
  speed: z.number().min(0.25).max(4).default(1),
  stream_format: z.enum(['audio', 'sse']).default('audio'),
});
export type SpeechRequest = z.infer<typeof SpeechRequest>;
