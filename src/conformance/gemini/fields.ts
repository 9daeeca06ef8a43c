import type { Reply } from '../reply.ts';
import { check } from '../server.ts';

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const objectsIn = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

const TOP = [
  'contents',
  'systemInstruction',
  'generationConfig',
  'tools',
  'toolConfig',
  'safetySettings',
  'cachedContent',
];
const GENERATION =
  'temperature topP topK maxOutputTokens seed stopSequences frequencyPenalty presencePenalty responseLogprobs logprobs responseMimeType responseJsonSchema responseSchema responseModalities speechConfig candidateCount thinkingConfig mediaResolution'.split(
    ' ',
  );
const MEDIA =
  /^(?:image\/(?:png|jpeg|webp|heic|heif)|audio\/(?:wav|mp3|aiff|aac|ogg|flac)|video\/(?:mp4|mpeg|mov|avi|x-flv|mpg|webm|wmv|3gpp)|application\/pdf)$/;

/** Checks a request of `generateContent`: names, parts, base64, turns, and that calls come back with their seals. */
export function checkRequest(body: Json, model: string, refuse: (message: string) => Reply): void {
  const must = (holds: unknown, message: string): void => check(holds, message, refuse(message));
  for (const name of Object.keys(body)) must(TOP.includes(name), `Unknown name "${name}": Cannot find field.`);
  const { generationConfig: generation = {}, systemInstruction: system } = body;
  must(isObject(generation), 'generation_config is no object');
  for (const name of Object.keys(generation as Json))
    must(GENERATION.includes(name), `Unknown name "${name}" at 'generation_config'`);
  const { temperature = 1, responseJsonSchema, responseMimeType, logprobs, responseLogprobs } = generation as Json;
  must(Number(temperature) >= 0 && Number(temperature) <= 2, 'temperature is out of range');
  must(responseJsonSchema === undefined || responseMimeType === 'application/json', 'a schema needs application/json');
  must(logprobs === undefined || responseLogprobs === true, 'logprobs needs responseLogprobs');
  must(
    system === undefined || objectsIn((system as Json).parts).every(({ text }) => isText(text)),
    'system_instruction is no text',
  );
  const declared = objectsIn(body.tools).flatMap(({ functionDeclarations }) => objectsIn(functionDeclarations));
  must(
    declared.every(({ name }) => /^[a-zA-Z_][\w.:-]{0,63}$/.test(String(name))),
    'Invalid function name',
  );
  must(
    body.toolConfig === undefined || declared.length > 0,
    'Function calling config is set without function_declarations.',
  );
  const { contents } = body;
  must(Array.isArray(contents) && contents.length > 0, 'contents is not specified');
  for (const [at, content] of objectsIn(contents).entries()) {
    must(content.role === 'user' || content.role === 'model', `contents[${at}]: Please use a valid role: user, model.`);
    must(objectsIn(content.parts).length > 0, `contents[${at}].parts: must not be empty`);
    for (const part of objectsIn(content.parts)) checkPart(part, content.role, must);
    const [first] = objectsIn(content.parts).filter(({ functionCall }) => functionCall);
    const sealed = !/^gemini-3/.test(model) || first === undefined || isText(first.thoughtSignature);
    must(sealed, 'Function call is missing a thought_signature in functionCall parts.');
  }
}

function checkPart(part: Json, role: unknown, must: (holds: unknown, message: string) => void): void {
  const kinds = ['text', 'inlineData', 'functionCall', 'functionResponse'].filter((kind) => part[kind] !== undefined);
  must(kinds.length === 1, 'a part must have exactly one of its kinds');
  const { text, inlineData, functionCall, functionResponse } = part;
  if (kinds[0] === 'text') must(isText(text), 'text is empty');
  if (isObject(inlineData)) {
    must(
      role === 'user' && MEDIA.test(String(inlineData.mimeType)),
      `Unsupported MIME type: ${String(inlineData.mimeType)}`,
    );
    const { data } = inlineData;
    must(isText(data) && data.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(data), 'Base64 decoding failed');
  }
  if (functionCall !== undefined) {
    must(
      role === 'model' && isObject(functionCall) && isText(functionCall.name) && isObject(functionCall.args),
      'malformed call',
    );
  }
  if (functionResponse !== undefined) {
    const good = isObject(functionResponse) && isText(functionResponse.name) && isObject(functionResponse.response);
    must(role === 'user' && good, 'malformed function response');
  }
}

/** The functions a model that must call one calls. */
export function callsOf({ tools, toolConfig }: Json): string[] {
  const names = objectsIn(tools).flatMap(({ functionDeclarations }) =>
    objectsIn(functionDeclarations).map(({ name }) => String(name)),
  );
  const config =
    isObject(toolConfig) && isObject(toolConfig.functionCallingConfig) ? toolConfig.functionCallingConfig : {};
  if (config.mode !== 'ANY') return [];
  const allowed = config.allowedFunctionNames;
  return Array.isArray(allowed) ? names.filter((name) => allowed.includes(name)) : names;
}
