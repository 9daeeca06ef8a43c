import { languageModelFor } from '#ask/index.ts';
import { GLM_TEST_KEY } from '../../src/conformance/glm/key.ts';
import { glmConformance } from '../../src/conformance/glm/server.ts';
import { examineHttp } from './http-exam.ts';
import { PATIENCE } from './patience.ts';

examineHttp(
  glmConformance,
  (origin) =>
    languageModelFor('glm:glm-4.7-flash', {
      providers: { glm: { baseUrl: `${origin}/api/paas/v4`, apiKey: GLM_TEST_KEY, patience: PATIENCE } },
    }),
  { secret: GLM_TEST_KEY },
);
