import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Sound } from '#contract/media.ts';
import { scoreText, together } from '#eval/score/score.ts';
import { takeMedia } from '#media/index.ts';
import { soundOf } from '#perceive/hear/__fixtures__/sound.ts';
import { whisper } from '#perceive/hear/engines/whisper/engine.ts';
import { modelFolder } from './model-folder.ts';

// Whisper base made from CTranslate2's weights beside a ready-made ONNX folder of the same model, whose weights have one
// step for each matrix: what ours says may not be worse by more than 2 points.
const shared = fileURLToPath(new URL('../../shared/', import.meta.url));
const ready = join(shared, 'models/whisper-base');
const manifest = join(shared, 'data/manifest.jsonl');
const isHere = existsSync(ready) && existsSync(manifest);
const rows = isHere
  ? readFileSync(manifest, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { file: string; lang: string; text: string | null })
      .filter(({ file, lang, text }) => file.startsWith('audio/') && lang.startsWith('zh') && text)
  : [];
console.log(
  `hearing: ${rows.length} Chinese recordings${isHere ? '' : ' (they or the ready-made model are absent: skipped)'}`,
);

const { signal } = new AbortController();

/** With silence up to here both models look at the same: one of them cannot be given less than 30 s. */
const LONG_MS = 28_000;

async function whole(sound: Sound): Promise<Float32Array> {
  const samples = new Float32Array(LONG_MS * 16);
  let at = 0;
  for await (const piece of sound.pcm(signal)) {
    samples.set(piece, at);
    at += piece.length;
  }
  return samples;
}

type Tested = readonly [name: string, rate: number, heard: readonly string[]];

async function test(name: string, modelDir: string): Promise<Tested> {
  const engine = await whisper(modelDir, { threads: 2 });
  const scores = [];
  const texts: string[] = [];
  for (const { file, text } of rows) {
    const path = join(shared, 'data', file);
    const media = await takeMedia({ kind: 'path', path }, { part: 'part-1', signal, note: () => {} });
    if (!media.sound) throw new Error(`${file} holds no sound`);
    const recording = {
      part: 'part-1',
      sound: soundOf(await whole(media.sound)),
      speech: [{ startMs: 0, endMs: LONG_MS }],
    };
    let heard = '';
    for await (const segment of engine.hear({ ...recording, language: 'zh' }, { signal, note: () => {} })) {
      heard += segment.text;
    }
    texts.push(heard);
    scores.push(await scoreText([text ?? ''], heard, 'character', 'content'));
    await media.close();
  }
  await engine.close();
  return [name, together(scores).rate, texts];
}

describe.skipIf(rows.length === 0)('Whisper base from CTranslate2’s weights', () => {
  it('hears Chinese no worse than the ready-made model does', async () => {
    const made = await test('made here', await modelFolder('whisper-base'));
    const readyMade = await test('ready made', ready);
    for (const [name, rate] of [made, readyMade]) console.log(`hearing: ${name} ${(100 * rate).toFixed(1)} % CER`);
    for (const [at, { file }] of rows.entries()) console.log(`  ${file}: ${made[2][at]} | ${readyMade[2][at]}`);
    expect(made[1]).toBeLessThanOrEqual(readyMade[1] + 0.02);
    expect(made[1]).toBeLessThan(0.35);
  });
});
