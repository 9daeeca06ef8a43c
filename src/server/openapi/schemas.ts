import { z } from 'zod';
import { ANSWERS } from '../schemas/answers.ts';
import { ChatRequest } from '../schemas/chat.ts';
import { EmbeddingsRequest } from '../schemas/embeddings.ts';
import { PerceptionRequest } from '../schemas/perception.ts';
import { SpeechRequest } from '../schemas/speech.ts';
import { TranscriptionRequest } from '../schemas/transcription.ts';
import {
  AttributeFilter,
  FileBatchRequest,
  FileRequest,
  VectorStoreCreateRequest,
  VectorStoreFileRequest,
  VectorStoreFileUpdateRequest,
  VectorStoreSearchRequest,
  VectorStoreUpdateRequest,
} from '../schemas/vector-stores.ts';

const NAMED = {
  ChatRequest,
  EmbeddingsRequest,
  PerceptionRequest,
  SpeechRequest,
  TranscriptionRequest,
  AttributeFilter,
  FileBatchRequest,
  FileRequest,
  VectorStoreCreateRequest,
  VectorStoreFileRequest,
  VectorStoreFileUpdateRequest,
  VectorStoreSearchRequest,
  VectorStoreUpdateRequest,
  ...ANSWERS,
} as const;
export type SchemaName = keyof typeof NAMED;

/** The very schemas that check requests, and those of the answers, as JSON Schema. */
export function componentSchemas(): Record<string, object> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(NAMED)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    io: 'input',
    unrepresentable: 'any',
    uri: (id) => `#/components/schemas/${id}`,
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _draft, $id: _id, ...schema }]) => [id, schema]),
  );
}
