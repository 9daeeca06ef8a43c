import { expect, it } from 'vitest';
import { openLog, wordsLog } from './log.ts';

function lines(
  level: 'info',
  pii: boolean,
  write: (log: ReturnType<typeof openLog>, words: ReturnType<typeof wordsLog>) => void,
) {
  const written: string[] = [];
  const log = openLog({ level, pii }, { write: (line) => void written.push(line) });
  write(log, wordsLog(log, { level, pii }));
  return written.map((line) => JSON.parse(line));
}

it('writes one line of JSON per event, with its time and level', () => {
  const [line] = lines('info', false, (log) => log.info({ request: 'req_1' }, 'request'));
  expect(line).toEqual({ level: 'info', time: expect.stringMatching(/^\d{4}-.*Z$/), request: 'req_1', msg: 'request' });
});

it('keeps what people said out unless it is asked for, wherever it is put', () => {
  const say = (log: ReturnType<typeof openLog>, words: ReturnType<typeof wordsLog>) => {
    words('req_1', { answered: 'secret words' });
    log.info({ request: 'req_2', pii: { asked: 'secret words' } }, 'request');
  };
  const closed = lines('info', false, say);
  expect(JSON.stringify(closed)).not.toContain('secret');
  expect(closed).toHaveLength(1);
  expect(lines('info', true, say).map(({ pii }) => pii)).toEqual([
    { answered: 'secret words' },
    { asked: 'secret words' },
  ]);
});
