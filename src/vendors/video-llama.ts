import type { MediaKind } from '#contract/media.ts';
import type { ModelRow, Vendor } from './vendor.ts';

const row = (names: RegExp, input: readonly MediaKind[], hearsVideo: boolean): ModelRow => ({
  names,
  facts: { input, output: ['text'], embeddings: false, rules: { hearsVideo } },
  source: 'the projects’ READMEs (64888c0, c0bb03a, 05cee23)',
  date: '2026-11-26',
});

/**
 * Video-LLaMA, VideoLLaMA2 and VideoLLaMA3. None comes with an OpenAI API, so there are three ways: our adapter
 * (`examples/video-llama/adapter.py`, dialect `openai`), VideoLLaMA2’s controller and workers (dialect `video-llama-controller`,
 * port 10000), VideoLLaMA3’s demo server over TCP (dialect `video-llama-tcp`, port 16666).
 */
export const VIDEO_LLAMA: Vendor = {
  name: 'video-llama',
  title: 'Video-LLaMA 1, 2 and 3',
  baseUrl: 'http://127.0.0.1:16667/v1',
  dialect: 'openai',
  variables: { apiKey: 'VIDEO_LLAMA_API_KEY', baseUrl: 'VIDEO_LLAMA_BASE_URL' },
  needsKey: false,
  maxTokensField: 'max_tokens',
  // Each of the three ways would have to be asked in its own words.
  listsModels: false,
  models: [
    row(/videollama2\.1.*-av\b/i, ['text', 'audio', 'image', 'video'], true),
    row(/videollama[23]/i, ['text', 'image', 'video'], false),
    row(/video-llama/i, ['text', 'audio', 'image', 'video'], true),
  ],
};
