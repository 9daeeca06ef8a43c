import { describe, expect, it } from 'vitest';
import { ERROR_CODES, type ErrorCode, SensoriumError } from '#contract/error.ts';
import { httpError } from './errors.ts';

const codes = Object.keys(ERROR_CODES) as ErrorCode[];
const statusOf = (code: ErrorCode) => httpError(new SensoriumError(code, 'It is so.'), 'req_1').status;

describe('httpError', () => {
  it.each(codes)('gives %s a status that says whose turn it is', (code) => {
    const status = statusOf(code);
    const { blame } = ERROR_CODES[code];
    if (blame === 'caller') expect(status).toBeLessThan(500);
    else expect(status === 429 || status >= 500).toBe(true);
  });

  it('never tells a client to repeat what cannot succeed, and tells when to come back', () => {
    for (const code of codes) {
      const { status, headers } = httpError(new SensoriumError(code, 'It is so.'), 'req_1');
      const clientRetries = status === 408 || status === 409 || status === 429 || status >= 500;
      if (clientRetries && !ERROR_CODES[code].retryable) expect(headers['x-should-retry'], code).toBe('false');
      if (status === 429 && ERROR_CODES[code].retryable)
        expect(Number(headers['retry-after']), code).toBeGreaterThan(0);
    }
    const busy = new SensoriumError('server.busy', 'Full.', { details: { retryAfterMs: 1_250 } });
    expect(httpError(busy, 'req_1').headers).toMatchObject({ 'retry-after': '2', 'retry-after-ms': '1250' });
  });

  it('speaks OpenAI’s envelope, with the next step and each part’s fate in our own field', () => {
    const fates = [{ part: 'part-1', kind: null, name: null, fate: 'not-reached', reason: 'too early' }];
    const error = new SensoriumError('ask.unknown-model', 'There is no such model.', {
      hint: 'GET /v1/models.',
      details: { param: 'model' },
    });
    expect(httpError(Object.assign(error, { fates }), 'req_1')).toMatchObject({
      status: 404,
      body: {
        error: {
          message: 'There is no such model. GET /v1/models.',
          type: 'invalid_request_error',
          param: 'model',
          code: 'model_not_found',
          sensorium: { code: 'ask.unknown-model', hint: 'GET /v1/models.', request_id: 'req_1', parts: fates },
        },
      },
    });
  });

  it('says nothing of what went wrong inside', () => {
    const { status, body } = httpError(new Error('ENOENT: /home/ada/secret.wav'), 'req_1');
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toMatch(/ada|ENOENT/);
  });
});
