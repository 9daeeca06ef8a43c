import { describe, expect, it } from 'vitest';
import type { Recogniser } from '#contract/ports.ts';
import { heardBy, saying, speech } from './__fixtures__/hearing.ts';

describe('a second reader', () => {
  const first = saying([
    ['the weather is fine', -0.9],
    ['all is well', -0.01],
  ]);
  const second = (text: string): Recogniser => ({ ...saying([[text, -0.1]]), id: 'second' });

  it('hears doubtful stretches again and leaves sure ones alone', async () => {
    const { transcript, losses } = await heardBy(first, speech, undefined, { second: second('the weather is fine') });
    expect(transcript.segments.map((segment) => segment.second?.agreement)).toEqual([1, undefined]);
    expect(losses.map(({ kind }) => kind)).not.toContain('readers-disagree');
  });

  it('is told about where it hears something else, and the first reading stays', async () => {
    const { transcript, losses } = await heardBy(first, speech, undefined, { second: second('whether he is fined') });
    expect(transcript.text).toBe('the weather is fine all is well');
    expect(transcript.segments[0]?.second).toMatchObject({ engine: 'second', text: 'whether he is fined' });
    const [loss] = losses.filter(({ kind }) => kind === 'readers-disagree');
    expect(loss?.message).toContain('second heard “whether he is fined”');
  });

  it('gives words to voice that gave the first none, in their place', async () => {
    const deaf = saying([null, ['all is well', -0.01]]);
    const told: string[] = [];
    const onSegment = ({ delta }: { delta: string }) => told.push(delta);
    const { transcript, losses } = await heardBy(deaf, speech, undefined, {
      second: second('good morning'),
      onSegment,
    });
    expect(transcript.text).toBe('good morning all is well');
    expect(told.join('')).toBe(transcript.text);
    expect(losses.map(({ kind }) => kind)).not.toContain('speech-without-words');
  });

  it('is not asked for a language it does not know, and that is said', async () => {
    const other: Recogniser = { ...second('x'), capabilities: { ...first.capabilities, languages: ['fr'] } };
    const { transcript, losses } = await heardBy(first, speech, 'en', { second: other });
    expect(transcript.segments.every((segment) => segment.second === undefined)).toBe(true);
    expect(losses).toContainEqual(expect.objectContaining({ kind: 'option-ignored', text: 'second' }));
  });
});
