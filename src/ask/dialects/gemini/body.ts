import type { AskOptions } from '#contract/chat.ts';
import type { WholeBody } from '../openai/shape.ts';
import { contentsOf, type Seals } from './contents.ts';

/** Google’s own word for a call whose seal is lost, without which newer models refuse the conversation (docs: thought signatures). */
const UNSEALED = 'skip_thought_signature_validator';
const WANTS_SEALS = /^(?:models\/)?gemini-(?:[3-9]|\d{2,})/;

/** A request of `generateContent`. What it has no place for is left out and noted by OpenAI's name. */
export function generateBody({ request, options, slots, leaveOut }: WholeBody, seals: Seals): Record<string, unknown> {
  const { extra = {}, tools, responseFormat, logprobs } = request;
  const seal = WANTS_SEALS.test(options.model) ? UNSEALED : undefined;
  const { system, contents } = contentsOf(request.messages, slots, seals, seal);
  for (const field of Object.keys(extra)) if (field !== 'n' && extra[field] !== undefined) leaveOut(field);
  const generation = {
    temperature: request.temperature,
    topP: request.topP,
    maxOutputTokens: request.maxTokens,
    seed: request.seed,
    stopSequences: request.stop,
    frequencyPenalty: request.frequencyPenalty,
    presencePenalty: request.presencePenalty,
    responseLogprobs: logprobs && true,
    logprobs: logprobs?.top || undefined,
    responseMimeType: responseFormat && responseFormat.kind !== 'text' ? 'application/json' : undefined,
    responseJsonSchema: responseFormat?.kind === 'json-schema' ? responseFormat.schema : undefined,
    ...(request.speak ? spokenConfig(request.speak.voice) : {}),
  };
  return {
    contents,
    systemInstruction: system === '' ? undefined : { parts: [{ text: system }] },
    generationConfig: Object.values(generation).some((value) => value !== undefined) ? generation : undefined,
    tools: tools && [
      {
        functionDeclarations: tools.map(({ name, description, parameters }) => ({
          name,
          description,
          parametersJsonSchema: parameters,
        })),
      },
    ],
    toolConfig: tools && toolConfigOf(request.toolChoice),
  };
}

function toolConfigOf(choice: AskOptions['toolChoice']): object | undefined {
  if (typeof choice === 'object')
    return { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: [choice.name] } };
  const mode = choice === undefined ? undefined : { none: 'NONE', auto: 'AUTO', required: 'ANY' }[choice];
  return mode === undefined ? undefined : { functionCallingConfig: { mode } };
}

/** The models that speak answer in sound alone, as headerless PCM at 24 kHz. */
function spokenConfig(voice: string | null): object {
  const named = voice === null ? {} : { speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: voice } } } };
  return { responseModalities: ['AUDIO'], ...named };
}
