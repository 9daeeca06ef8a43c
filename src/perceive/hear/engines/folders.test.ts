import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diariserFor, folderNamed, recogniserIn } from './folders.ts';
import { recogniserEntry } from './index.ts';
import { isRemoteRecogniser } from './remote/index.ts';

describe('a recogniser named by its folder', () => {
  it('is told from a vendor’s', () => {
    expect(folderNamed('whisper:/srv/whisper')).toEqual({ kind: 'whisper', folder: '/srv/whisper' });
    expect(folderNamed('whisper:./whisper')).toEqual({ kind: 'whisper', folder: './whisper' });
    expect(folderNamed('whisper:C:\\whisper')).toEqual({ kind: 'whisper', folder: 'C:\\whisper' });
    for (const id of ['qwen:qwen3-asr-flash', 'siliconflow:FunAudioLLM/SenseVoiceSmall', 'whisper-base', 'whisper:']) {
      expect(folderNamed(id)).toBeNull();
    }
    expect(isRemoteRecogniser('whisper:/srv/whisper')).toBe(false);
    expect(isRemoteRecogniser('siliconflow:FunAudioLLM/SenseVoiceSmall')).toBe(true);
  });

  it('that does not exist says which there are', async () => {
    await expect(recogniserIn('vosk:/x', {})).rejects.toMatchObject({
      code: 'hear.unknown-engine',
      hint: expect.stringContaining('sensevoice'),
    });
    expect(() => recogniserEntry('whisper-giant')).toThrow(/whisper-giant/);
    await expect(diariserFor('somebody', {})).rejects.toMatchObject({ hint: expect.stringContaining('pyannote:/') });
  });

  it.each(['whisper', 'sensevoice', 'paraformer', 'zipformer'])(
    'of kind %s says what its folder lacks',
    async (kind) => {
      const folder = await mkdtemp(join(tmpdir(), 'empty-'));
      try {
        await expect(recogniserIn(`${kind}:${folder}`, {})).rejects.toMatchObject({
          code: expect.stringMatching(/^hear\.(model-unusable|unknown-model)$/),
        });
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );
});
