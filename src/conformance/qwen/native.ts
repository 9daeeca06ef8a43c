import { httpCase } from '../cases.ts';
import type { Reply } from '../reply.ts';
import { check, type Request, type Running } from '../server.ts';
import { listenNatively } from './audio-model.ts';
import { familyOf } from './models.ts';
import { NATIVE_REFUSALS, nativeRefusal, QWEN_TEST_KEY, qwenRefusal } from './refusals.ts';
import { speak } from './tts.ts';

/** The native API's one address for models of several kinds. */
export function generation(request: Request, server: Running): Reply {
  check(request.headers.authorization === `Bearer ${QWEN_TEST_KEY}`, 'authorization', NATIVE_REFUSALS.badKey);
  check(request.headers['content-type'] === 'application/json', 'content-type');
  const refused = qwenRefusal(request.play, true);
  if (refused) return refused;
  const body = request.json();
  const family = familyOf(body.model);
  if (family !== 'tts' && family !== 'audio') {
    return nativeRefusal(404, 'ModelNotFound', `Model can not be found: ${String(body.model)}.`);
  }
  for (const name of Object.keys(body)) check(['model', 'input', 'parameters'].includes(name), `a field ${name}`);
  const good = family === 'tts' ? speak(request, body, server) : listenNatively(request, body);
  return httpCase(request.play, good, NATIVE_REFUSALS) ?? good;
}
