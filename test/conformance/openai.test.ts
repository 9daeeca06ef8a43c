import { languageModelFor } from '#ask/index.ts';
import { OPENAI_TEST_KEY } from '../../src/conformance/openai/key.ts';
import { openAiConformance } from '../../src/conformance/openai/server.ts';
import { examineHttp } from './http-exam.ts';
import { PATIENCE } from './patience.ts';

examineHttp(
  openAiConformance,
  (origin) =>
    languageModelFor('openai:gpt-test', {
      providers: { openai: { baseUrl: `${origin}/v1`, apiKey: OPENAI_TEST_KEY, patience: PATIENCE } },
    }),
  { secret: OPENAI_TEST_KEY },
);
