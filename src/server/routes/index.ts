import type { FastifyInstance } from 'fastify';
import type { Service } from '../service.ts';
import { addChatCompletions } from './chat-completions.ts';
import { addEmbeddings } from './embeddings.ts';
import { addFiles } from './files.ts';
import { addHealth } from './health.ts';
import { addModels } from './models.ts';
import { addOpenApi } from './openapi.ts';
import { addPerceptions } from './perceptions.ts';
import { addSpeech } from './speech.ts';
import { addTranscriptions } from './transcriptions.ts';
import { addVectorStoreFiles } from './vector-store-files.ts';
import { addVectorStores } from './vector-stores.ts';
import { addVoices } from './voices.ts';

/** Every route, one file each. */
export const ROUTES: readonly ((app: FastifyInstance, service: Service) => void)[] = [
  addChatCompletions,
  addTranscriptions,
  addPerceptions,
  addSpeech,
  addVoices,
  addEmbeddings,
  addFiles,
  addVectorStores,
  addVectorStoreFiles,
  addModels,
  addHealth,
  addOpenApi,
];
