import { json, type Reply } from '../reply.ts';
import { check, type Request, type Running } from '../server.ts';

/** Made-up keys: a pair of the old form, and one of the new that needs no token. */
export const BAIDU_TEST_KEY = 'madeupApiKey0123456789';
export const BAIDU_TEST_SECRET = 'madeupSecretKey9876543210';
export const BAIDU_BEARER_KEY = 'bce-v3/ALTAK-madeup0123/456789abcdef';

const LIFE_S = 2_592_000;
const SCOPE = 'audio_voice_assistant_get brain_enhanced_asr audio_tts_post public wise_adapt';

interface Issued {
  readonly scope: string;
  isOver: boolean;
}

const issuedBy = new WeakMap<Running, Map<string, Issued>>();

function issuedAt(server: Running): Map<string, Issued> {
  const known = issuedBy.get(server) ?? new Map<string, Issued>();
  issuedBy.set(server, known);
  return known;
}

/** `POST /oauth/2.0/token`: a pair of keys for a token. */
export function giveToken(request: Request, server: Running): Reply {
  const refusal = json({ error: 'invalid_client', error_description: 'unknown client id' }, 401);
  check(request.headers['content-type']?.startsWith('application/x-www-form-urlencoded'), 'content-type', refusal);
  const form = new URLSearchParams(request.bytes.toString('utf8'));
  if (request.play === 'unknown-client') return refusal;
  check(form.get('grant_type') === 'client_credentials', 'grant_type', refusal);
  check(form.get('client_id') === BAIDU_TEST_KEY, 'client_id', refusal);
  check(form.get('client_secret') === BAIDU_TEST_SECRET, 'client_secret', refusal);
  if (request.play === 'no-token') return json({ expires_in: LIFE_S });
  const issued = issuedAt(server);
  const token = `24.madeup${issued.size}.${LIFE_S}.1790000000`;
  const isNarrow = request.play === 'scope-missing' || request.play === 'scope-untold';
  issued.set(token, { scope: isNarrow ? 'public' : SCOPE, isOver: false });
  const scope = request.play === 'scope-untold' ? {} : { scope: isNarrow ? 'public' : SCOPE };
  const lifeS = request.play === 'short-lived' ? 60 : LIFE_S;
  return json({ access_token: token, expires_in: lifeS, refresh_token: 'madeup', session_key: 'madeup', ...scope });
}

/** What is wrong with how a request is opened: nothing (`null`), its token, or what the token is good for. */
export function checkOpening(
  request: Request,
  token: unknown,
  scope: string,
  server: Running,
): 'token' | 'expired' | 'scope' | null {
  const { authorization } = request.headers;
  if (token === undefined || token === null) {
    return authorization === `Bearer ${BAIDU_BEARER_KEY}` ? null : 'token';
  }
  check(authorization === undefined, 'both a token and an authorization header');
  const issued = typeof token === 'string' ? issuedAt(server).get(token) : undefined;
  if (!issued) return 'token';
  if (request.play === 'expired-token') issued.isOver = true;
  if (issued.isOver) return 'expired';
  return issued.scope.split(' ').includes(scope) ? null : 'scope';
}
