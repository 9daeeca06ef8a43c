import { json, type Reply } from '../reply.ts';
import type { Request } from '../server.ts';
import { mustHaveKey, refusal } from './key.ts';

const MODELS = [
  'gpt-test',
  'gpt-4o-audio-preview',
  'gpt-4o-mini-transcribe',
  'gpt-4o-transcribe-diarize',
  'whisper-1',
  'gpt-4o-mini-tts',
  'text-embedding-3-small',
];
const cardOf = (id: string) => ({ id, object: 'model', created: 1_790_000_000, owned_by: 'openai' });

/** `GET /models`. */
export function listModels(request: Request): Reply {
  mustHaveKey(request);
  return json({ object: 'list', data: MODELS.map(cardOf) });
}

/** `GET /models/{id}`. */
export function oneModel(request: Request): Reply {
  mustHaveKey(request);
  const id = decodeURIComponent(request.path.slice('/v1/models/'.length));
  return MODELS.includes(id)
    ? json(cardOf(id))
    : refusal(404, `The model '${id}' does not exist`, { code: 'model_not_found', param: 'model' });
}
