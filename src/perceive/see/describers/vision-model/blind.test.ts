import { expect, it } from 'vitest';
import { saysItSeesNothing } from './blind.ts';

it.each([
  "I'm sorry, but I can't see the image you mentioned.",
  'I cannot view or process images. Please describe it to me.',
  'As a text-based model I do not have access to the picture.',
  'No image was provided.',
  'Please upload the image so that I can describe it.',
  '抱歉，我无法查看图片。',
  '对不起，我没有收到您提到的图片。',
  '请您上传图片，我来为您描述。',
])('knows an answer of one that sees nothing: %s', (text) => expect(saysItSeesNothing(text)).toBe(true));

it.each([
  'A photo of a woman at a desk. The text on her screen cannot be made out.',
  'A gallery: three visitors stand before a picture, which cannot be seen from here.',
  'An empty white page. Nothing is drawn on it.',
  '一张照片：一个人坐在桌前，屏幕上的字看不清。',
  '画面右侧有一只猫，左侧的物体看不清，可能是花瓶。',
  `I cannot see the picture's left edge. ${'There are trees. '.repeat(30)}`,
])('takes a description for one: %s', (text) => expect(saysItSeesNothing(text)).toBe(false));
