import { componentSchemas, type SchemaName } from './schemas.ts';
import { storePaths } from './stores.ts';

const ref = (name: SchemaName) => ({ $ref: `#/components/schemas/${name}` });
const json = (name: SchemaName, description = 'The answer') => ({
  description,
  content: { 'application/json': { schema: ref(name) } },
});
const bytes = (...types: string[]) =>
  Object.fromEntries(types.map((type) => [type, { schema: { type: 'string', format: 'binary' } }]));
const text = { schema: { type: 'string' } };

const FAILURES = Object.fromEntries(
  Object.entries({
    400: 'The request cannot be used',
    401: 'No key, or one that is not known',
    403: 'A web page of another origin',
    404: 'No such model, or no such address',
    413: 'More than is taken',
    415: 'A form that is not taken',
    422: 'A loss where none is allowed, or a used Idempotency-Key',
    429: 'Too much at once; Retry-After says when to come back',
    500: 'A fault of this server',
    502: 'The model’s server, or another, failed',
    503: 'Something has to be installed or mended first, or the server is being stopped',
    504: 'A stage took too long',
  }).map(([status, why]) => [status, json('ErrorAnswer', why)]),
);

const IDEMPOTENCY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Under the same key the same request is worked on once; a repetition is sent the first answer',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!-~]+$' },
};

function post(operationId: string, summary: string, body: object, answer: object, repeatable = true): object {
  return {
    operationId,
    summary,
    ...(repeatable ? { parameters: [IDEMPOTENCY] } : {}),
    requestBody: { required: true, content: body },
    responses: { 200: answer, ...FAILURES },
  };
}

function get(operationId: string, summary: string, answer: object, more: object = {}): object {
  return { operationId, summary, responses: { 200: answer, ...FAILURES }, ...more };
}

const form = (fields: SchemaName) => ({
  'multipart/form-data': {
    schema: {
      allOf: [
        ref(fields),
        { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } },
      ],
    },
  },
});
const HEARD = {
  description: 'The transcript in the format asked for, or events while it is heard',
  content: {
    'application/json': { schema: ref('Transcription') },
    'text/plain': text,
    'application/x-subrip': text,
    'text/vtt': text,
    'text/event-stream': text,
  },
};

/** This server’s API as an OpenAPI 3.1 document. */
export function openApiDocument(version: string): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sensorium',
      version,
      description:
        'OpenAI’s API for any language model, with media of any kind. Everything beyond it is in the field `sensorium`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{}, { key: [] }],
    paths: {
      '/v1/chat/completions': {
        post: post(
          'createChatCompletion',
          'Answer a conversation',
          { 'application/json': { schema: ref('ChatRequest') } },
          {
            description: 'The answer, or its chunks as server-sent events',
            content: { 'application/json': { schema: ref('ChatCompletion') }, 'text/event-stream': text },
          },
        ),
      },
      '/v1/audio/transcriptions': {
        post: post('createTranscription', 'Turn a recording into text', form('TranscriptionRequest'), HEARD, false),
      },
      '/v1/audio/translations': {
        post: post(
          'createTranslation',
          'Turn a recording into English text',
          form('TranscriptionRequest'),
          HEARD,
          false,
        ),
      },
      '/v1/perceptions': {
        post: post(
          'createPerception',
          'Turn a recording, picture, document or video into text',
          form('PerceptionRequest'),
          {
            description: 'What was perceived with what was lost, or events while it is',
            content: { 'application/json': { schema: ref('Perceived') }, 'text/event-stream': text },
          },
          false,
        ),
      },
      '/v1/audio/speech': {
        post: post(
          'createSpeech',
          'Speak a text',
          { 'application/json': { schema: ref('SpeechRequest') } },
          {
            description: 'The sound, or events with pieces of it in base64',
            content: {
              ...bytes('audio/mpeg', 'audio/ogg', 'audio/aac', 'audio/flac', 'audio/wav', 'audio/pcm'),
              'text/event-stream': text,
            },
          },
          false,
        ),
      },
      '/v1/audio/voices': { get: get('listVoices', 'What can be spoken with', json('VoiceList')) },
      '/v1/embeddings': {
        post: post(
          'createEmbedding',
          'Turn texts, pictures and sounds into vectors',
          { 'application/json': { schema: ref('EmbeddingsRequest') } },
          json('EmbeddingList'),
        ),
      },
      ...storePaths({ post, get, json, ref, form }),
      '/v1/models': { get: get('listModels', 'Every model that can be named', json('ModelList')) },
      '/v1/models/{model}': {
        get: get('retrieveModel', 'One model', json('Model'), {
          parameters: [{ name: 'model', in: 'path', required: true, schema: { type: 'string', minLength: 1 } }],
        }),
      },
      '/healthz': { get: get('health', 'The process answers', json('Health')) },
      '/readyz': { get: get('readiness', 'It takes work', json('Health')) },
      '/metrics': {
        get: get('metrics', 'Figures for Prometheus', { description: 'Text format', content: { 'text/plain': text } }),
      },
      '/openapi.json': {
        get: get('openapi', 'This document', {
          description: 'OpenAPI 3.1',
          content: { 'application/json': { schema: { type: 'object' } } },
        }),
      },
    },
    components: {
      schemas: componentSchemas(),
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
    },
  };
}
