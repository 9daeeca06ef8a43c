import { randomUUID } from 'node:crypto';
import type { AnswerToken, Usage } from '#contract/answer.ts';
import type { Refusal } from '#upstream/errors.ts';
import type { Chunk, ToolCallPiece } from '../openai/chunk.ts';
import { isObject, type Json } from '../openai/usage.ts';
import type { Seals } from './contents.ts';

const objectsIn = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Seals are kept for so many calls; whoever answers a call later than that does without. */
const MOST_SEALS = 2_000;

/** Reads one answer of `generateContent`, streamed or whole: each message is an answer that holds what is new. */
export function contentReader(seals: Seals): (json: unknown) => Chunk | null {
  let calls = 0;

  function callOf(part: Json): ToolCallPiece[] {
    const { functionCall } = part;
    if (!isObject(functionCall)) return [];
    const id = textOf(functionCall.id) || `call_${randomUUID()}`;
    const seal = textOf(part.thoughtSignature);
    if (seal !== '') {
      seals.set(id, seal);
      const [oldest] = seals.keys();
      if (seals.size > MOST_SEALS && oldest !== undefined) seals.delete(oldest);
    }
    const given = JSON.stringify(functionCall.args ?? {});
    return [{ index: calls++, id, name: textOf(functionCall.name) || null, arguments: given }];
  }

  return (json) => {
    if (!isObject(json)) return null;
    if (!Array.isArray(json.candidates) && !isObject(json.usageMetadata)) return null;
    const [candidate = {}] = objectsIn(json.candidates);
    const parts = isObject(candidate.content) ? objectsIn(candidate.content.parts) : [];
    const toolCalls = parts.flatMap(callOf);
    const reason = textOf(candidate.finishReason) || null;
    return {
      model: textOf(json.modelVersion) || null,
      text: parts.map((part) => (part.thought === true ? '' : textOf(part.text))).join(''),
      reasoning: parts.map((part) => (part.thought === true ? textOf(part.text) : '')).join(''),
      refusal: '',
      sound: parts.map(soundOf).join(''),
      toolCalls,
      tokens: tokensOf(candidate.logprobsResult),
      // Who calls a function stops as well, and does not say why.
      reason: reason === 'STOP' && calls > 0 ? 'tool_calls' : reason,
      usage: usageOf(json.usageMetadata),
    };
  };
}

function soundOf({ inlineData }: Json): string {
  return isObject(inlineData) && textOf(inlineData.mimeType).startsWith('audio/') ? textOf(inlineData.data) : '';
}

function tokensOf(result: unknown): AnswerToken[] {
  if (!isObject(result)) return [];
  const others = objectsIn(result.topCandidates).map(({ candidates }) => objectsIn(candidates));
  return objectsIn(result.chosenCandidates).flatMap((chosen, at) => {
    const token = tokenOf(chosen);
    return token ? [{ ...token, top: (others[at] ?? []).flatMap((other) => tokenOf(other) ?? []) }] : [];
  });
}

function tokenOf({ token, logProbability }: Json): { text: string; logprob: number; bytes: null } | null {
  if (typeof token !== 'string' || typeof logProbability !== 'number') return null;
  return { text: token, logprob: logProbability, bytes: null };
}

/** Thoughts are counted beside the answer, and are paid for like it. */
function usageOf(usage: unknown): Usage | null {
  if (!isObject(usage) || typeof usage.promptTokenCount !== 'number') return null;
  const thoughts = countOf(usage.thoughtsTokenCount);
  const cached = countOf(usage.cachedContentTokenCount);
  const heard = ofSound(usage.promptTokensDetails);
  const spoken = ofSound(usage.candidatesTokensDetails);
  return {
    inputTokens: usage.promptTokenCount,
    outputTokens: countOf(usage.candidatesTokenCount) + thoughts,
    ...(cached > 0 ? { cachedTokens: cached } : {}),
    ...(heard > 0 ? { inputAudioTokens: heard } : {}),
    ...(spoken > 0 ? { outputAudioTokens: spoken } : {}),
    ...(thoughts > 0 ? { reasoningTokens: thoughts } : {}),
  };
}

function countOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

function ofSound(details: unknown): number {
  return countOf(objectsIn(details).find(({ modality }) => modality === 'AUDIO')?.tokenCount);
}

/** The refusal of a question by Google's filters, which comes as a good reply without an answer. */
export function blockedIn(status: number | null, json: unknown): Refusal | null {
  if (!isObject(json) || !isObject(json.promptFeedback)) return null;
  const { blockReason, blockReasonMessage } = json.promptFeedback;
  if (textOf(blockReason) === '') return null;
  const said = textOf(blockReasonMessage);
  return {
    status,
    message: `the question was blocked (${textOf(blockReason)})${said && `: ${said}`}`,
    marks: 'policy',
  };
}
