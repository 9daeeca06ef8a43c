import { expect, it } from 'vitest';
import { EMOTION_IDS, EVENT_IDS } from '../../labels.ts';
import { eventOf, isTag, senseTags } from './tags.ts';

it('reads all tags SenseVoice has as labels of the vocabulary', () => {
  const emotions = ['HAPPY', 'SAD', 'ANGRY', 'NEUTRAL', 'FEARFUL', 'DISGUSTED', 'SURPRISED'];
  const told = emotions.map((name) => senseTags({ lang: '<|zh|>', emotion: `<|${name}|>`, event: '' }).emotion);
  expect(told).toEqual(emotions.map((name) => name.toLowerCase()));
  for (const emotion of told) expect(EMOTION_IDS).toContain(emotion);
  const events = ['BGM', 'Applause', 'Laughter', 'Cry', 'Cough', 'Sneeze', 'Breath', 'Sing', 'Speech_Noise'];
  const heard = events.map((name) => eventOf(`<|${name}|>`));
  expect(new Set(heard).size).toBe(events.length);
  for (const event of heard) expect(EVENT_IDS).toContain(event);
});

it('says nothing where the model did not know, or said no tag at all', () => {
  const nothing = { language: null, emotion: null, event: null };
  expect(senseTags({ lang: '<|nospeech|>', emotion: '<|EMO_UNKNOWN|>', event: '<|Event_UNK|>' })).toEqual(nothing);
  expect(senseTags({ lang: '', emotion: '', event: '' })).toEqual(nothing);
  expect(senseTags({ lang: 'zh', emotion: 'HAPPY', event: 'constructor' })).toEqual(nothing);
  expect(senseTags({ lang: '<|yue|>', emotion: '<|constructor|>', event: '<|constructor|>' })).toEqual({
    ...nothing,
    language: 'yue',
  });
  expect(senseTags({ lang: '<|zh|>', emotion: '<|HAPPY|>', event: '<|Speech|>' })).toMatchObject({ event: null });
});

it('tells a tag from text', () => {
  expect(isTag('<|withitn|>')).toBe(true);
  for (const text of ['你', '<', '|', '<unk>', ' <']) expect(isTag(text)).toBe(false);
});
