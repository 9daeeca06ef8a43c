import { describe, expect, it } from 'vitest';
import { blockedIn, contentReader } from './read.ts';

const read = (json: unknown) => contentReader(new Map())(json);

describe('an answer of Gemini’s', () => {
  it('is read however little it says', () => {
    for (const odd of [
      { candidates: [] },
      { candidates: [null] },
      { candidates: [{}] },
      { candidates: [{ content: null }] },
      { candidates: [{ content: { parts: null }, finishReason: null }] },
      { candidates: [{ content: { parts: [null, {}, { text: 3 }, { functionCall: null }, { inlineData: 'x' }] } }] },
      { usageMetadata: { promptTokenCount: 'many' } },
    ]) {
      expect(read(odd)).toMatchObject({ text: '', reason: null, usage: null, toolCalls: [], sound: '' });
    }
    for (const none of [null, 7, 'x', [], {}, { candidates: 'no' }]) expect(read(none)).toBeNull();
  });

  it('tells measured tokens, and none that nobody measured', () => {
    const logprobsResult = {
      chosenCandidates: [{ token: 'a', logProbability: -0.5 }, { token: 'b' }],
      topCandidates: [
        {
          candidates: [
            { token: 'a', logProbability: -0.5 },
            { token: 'c', logProbability: -2 },
          ],
        },
      ],
    };
    expect(read({ candidates: [{ logprobsResult }] })?.tokens).toEqual([
      {
        text: 'a',
        logprob: -0.5,
        bytes: null,
        top: [
          { text: 'a', logprob: -0.5, bytes: null },
          { text: 'c', logprob: -2, bytes: null },
        ],
      },
    ]);
  });

  it('counts sound and what came from the cache', () => {
    const usageMetadata = {
      promptTokenCount: 40,
      candidatesTokenCount: 3,
      cachedContentTokenCount: 10,
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 8 },
        { modality: 'AUDIO', tokenCount: 32 },
      ],
    };
    expect(read({ usageMetadata })?.usage).toEqual({
      inputTokens: 40,
      outputTokens: 3,
      cachedTokens: 10,
      inputAudioTokens: 32,
    });
  });

  it('forgets the oldest seals', () => {
    const seals = new Map<string, string>();
    const reader = contentReader(seals);
    for (let at = 0; at < 2_001; at++) {
      reader({
        candidates: [{ content: { parts: [{ functionCall: { id: `c${at}`, name: 'f' }, thoughtSignature: 's' }] } }],
      });
    }
    expect([seals.size, seals.has('c0'), seals.has('c2000')]).toEqual([2_000, false, true]);
  });
});

it('knows a question that was blocked', () => {
  expect(blockedIn(null, { promptFeedback: { blockReason: 'SAFETY', blockReasonMessage: 'no' } })?.message).toMatch(
    /SAFETY.*no/,
  );
  for (const good of [null, {}, { promptFeedback: {} }, { promptFeedback: { blockReason: '' } }])
    expect(blockedIn(null, good)).toBeNull();
});
