import type { SchemaName } from './schemas.ts';

/** What the document writes its operations with. */
export interface Tools {
  readonly post: (operationId: string, summary: string, body: object, answer: object, repeatable?: boolean) => object;
  readonly get: (operationId: string, summary: string, answer: object, more?: object) => object;
  readonly json: (name: SchemaName, description?: string) => object;
  readonly ref: (name: SchemaName) => object;
  readonly form: (fields: SchemaName) => object;
}

const path = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'string', minLength: 1 } });
const query = (name: string, schema: object) => ({ name, in: 'query', required: false, schema });
const PAGE = [
  query('limit', { type: 'integer', minimum: 1, maximum: 100, default: 20 }),
  query('order', { enum: ['asc', 'desc'], default: 'desc' }),
  query('after', { type: 'string', maxLength: 100 }),
  query('before', { type: 'string', maxLength: 100 }),
];
const STATUS = query('filter', { enum: ['in_progress', 'completed', 'failed', 'cancelled'] });
const STORE = path('vector_store_id');
const FILE = path('file_id');
const BATCH = path('batch_id');

/** Files and vector stores, with where they lie. */
export function storePaths({ post, get, json, ref, form }: Tools): object {
  const body = (name: SchemaName) => ({ 'application/json': { schema: ref(name) } });
  const at = (parameters: readonly object[], operation: object): object => ({ ...operation, parameters });
  const made = (
    id: string,
    summary: string,
    given: SchemaName,
    answer: SchemaName,
    parameters: readonly object[] = [],
  ) => at(parameters, post(id, summary, body(given), json(answer), false));
  const got = (id: string, summary: string, answer: SchemaName, parameters: readonly object[]) =>
    get(id, summary, json(answer), { parameters });
  const files = '/v1/vector_stores/{vector_store_id}/files';
  const batches = '/v1/vector_stores/{vector_store_id}/file_batches';
  const bytes = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } };
  return {
    '/v1/files': {
      post: post('createFile', 'Keep a medium', form('FileRequest'), json('FileObject'), false),
      get: got('listFiles', 'The files of this key', 'FileList', [
        query('limit', { type: 'integer', minimum: 1, maximum: 10_000, default: 10_000 }),
        ...PAGE.slice(1, 3),
        query('purpose', { type: 'string', maxLength: 100 }),
      ]),
    },
    '/v1/files/{file_id}': {
      get: got('retrieveFile', 'One file', 'FileObject', [FILE]),
      delete: got('deleteFile', 'Forget a file and take it out of every store', 'Deleted', [FILE]),
    },
    '/v1/files/{file_id}/content': {
      get: get(
        'downloadFile',
        'The bytes of a file',
        { description: 'Its bytes', content: bytes },
        { parameters: [FILE] },
      ),
    },
    '/v1/vector_stores': {
      post: post(
        'createVectorStore',
        'Make a vector store',
        body('VectorStoreCreateRequest'),
        json('VectorStoreObject'),
      ),
      get: got('listVectorStores', 'The vector stores of this key', 'VectorStoreList', PAGE),
    },
    '/v1/vector_stores/{vector_store_id}': {
      get: got('retrieveVectorStore', 'One vector store', 'VectorStoreObject', [STORE]),
      post: made('updateVectorStore', 'Change what is said of it', 'VectorStoreUpdateRequest', 'VectorStoreObject', [
        STORE,
      ]),
      delete: got('deleteVectorStore', 'Forget it with everything in it', 'Deleted', [STORE]),
    },
    '/v1/vector_stores/{vector_store_id}/search': {
      post: made(
        'searchVectorStore',
        'Find media by words, or by their like',
        'VectorStoreSearchRequest',
        'SearchResults',
        [STORE],
      ),
    },
    [files]: {
      post: made('addVectorStoreFile', 'Put a file into it', 'VectorStoreFileRequest', 'VectorStoreFileObject', [
        STORE,
      ]),
      get: got('listVectorStoreFiles', 'Its files', 'VectorStoreFileList', [STORE, ...PAGE, STATUS]),
    },
    [`${files}/{file_id}`]: {
      get: got('retrieveVectorStoreFile', 'How far a file has come, and what was lost', 'VectorStoreFileObject', [
        STORE,
        FILE,
      ]),
      post: made(
        'updateVectorStoreFile',
        'Change its attributes',
        'VectorStoreFileUpdateRequest',
        'VectorStoreFileObject',
        [STORE, FILE],
      ),
      delete: got('deleteVectorStoreFile', 'Take a file out of it', 'Deleted', [STORE, FILE]),
    },
    [`${files}/{file_id}/content`]: {
      get: got('retrieveVectorStoreFileContent', 'The pieces of a file', 'FileContent', [STORE, FILE]),
    },
    [batches]: {
      post: made('createFileBatch', 'Put several files into it', 'FileBatchRequest', 'FileBatchObject', [STORE]),
    },
    [`${batches}/{batch_id}`]: {
      get: got('retrieveFileBatch', 'How far a batch has come', 'FileBatchObject', [STORE, BATCH]),
    },
    [`${batches}/{batch_id}/files`]: {
      get: got('listFileBatchFiles', 'The files of a batch', 'VectorStoreFileList', [STORE, BATCH, ...PAGE, STATUS]),
    },
    [`${batches}/{batch_id}/cancel`]: {
      post: got('cancelFileBatch', 'Stop what of a batch is not done', 'FileBatchObject', [STORE, BATCH]),
    },
  };
}
