import { HTTP_CASES } from '../cases.ts';
import type { ConformanceServer } from '../server.ts';
import { chat } from './chat.ts';
import { embed } from './embeddings.ts';
import { OPENAI_TEST_KEY } from './key.ts';
import { listModels, oneModel } from './models.ts';
import { speak } from './speech.ts';
import { transcribe } from './transcriptions.ts';

/** OpenAI's API as its description (2.3.0, 2026-08-21) has it, and the habits of servers that offer the same. */
export const openAiConformance: ConformanceServer = {
  name: 'openai',
  about: 'OpenAI’s chat completions, transcriptions, speech, embeddings and models',
  cases: {
    ...HTTP_CASES,
    'never-retry': 'X7: 500 with x-should-retry: false',
    'transcript-events': 'X2: a transcript as events, though nobody asked for a stream',
    'transcription-chunks': 'L5: the same in the chunks of vLLM',
    'placeholder-figures': 'X2: avg_logprob and no_speech_prob are 0, as Xinference writes where it measured nothing',
    'not-a-transcript': 'X2: JSON without a transcript',
    'no-verbose': 'X2: verbose_json is refused',
    'no-granularities': 'X2: timestamp_granularities is refused',
    'no-prompt': 'X2: prompt is refused',
    'no-language': 'L8: language is refused with a list of faults',
    'no-logprobs': 'X2: include is refused',
    'always-wav': 'O4: speech as WAV, whatever was asked for',
    'speech-events': 'X3: speech as events, though nobody asked for them',
    'speech-events-named': 'O3: the same with a line of its own for each event’s name',
    'speech-events-error': 'O3: speech.audio.error in the middle',
    'speech-events-cut': 'O3: the events end without speech.audio.done',
    'speech-mp3': 'X3: MP3, though PCM was asked for',
    'speech-json': 'X3: an error in a good reply',
    'speech-odd': 'H9: half a sample at the end',
    'no-speed': 'X3: speed is refused',
    'no-pcm': 'X3: pcm is refused',
  },
  switches: {
    vllm: 'L5, O4: durations as text and no words in transcripts; WAV where no format of speech is asked for',
  },
  configure: (origin) => ({
    providers: {
      openai: {
        baseUrl: `${origin}/v1`,
        apiKey: OPENAI_TEST_KEY,
        models: {
          'gpt-test': { input: ['text', 'image', 'document'], output: ['text'] },
          'gpt-4o-audio-preview': { input: ['text', 'audio'], output: ['text', 'audio'] },
        },
      },
    },
  }),
  routes: {
    'POST /v1/chat/completions': chat,
    'POST /v1/audio/transcriptions': transcribe,
    'POST /v1/audio/speech': speak,
    'POST /v1/embeddings': embed,
    'GET /v1/models': listModels,
    'GET /v1/models/*': oneModel,
  },
};
