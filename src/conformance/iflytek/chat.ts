import { setImmediate } from 'node:timers/promises';
import {
  bytesIn,
  type Code,
  demand,
  type Frame,
  field,
  next,
  type Service,
  type Session,
  WITH_HEADER,
} from './session.ts';
import { IFLYTEK_TEST_KEYS } from './signature.ts';

const WORDS = ['现在', '是', '下午三点', '，', "it's3pm", '🕒', '。'];
const THOUGHTS = ['先看', '钟。'];
const MOST_IMAGE_BYTES = 4 * 2 ** 20;

/** The models of each path; a domain is the model's name (`research/providers.md` §4.2). */
export const DOMAINS: Readonly<Record<string, readonly string[]>> = {
  '/v1.1/chat': ['lite'],
  '/v3.1/chat': ['generalv3'],
  '/chat/pro-128k': ['pro-128k'],
  '/v3.5/chat': ['generalv3.5'],
  '/chat/max-32k': ['max-32k'],
  '/v4.0/chat': ['4.0Ultra'],
  '/v1/x1': ['x1', 'spark-x'],
};

/** Spark at one path, with the domains that are asked there. */
export const chat = (domains: readonly string[]): Service => ({
  ...WITH_HEADER,
  serve: (session) => answer(session, (frame) => ({ ...checkRequest(frame, domains, 'words'), picture: null })),
});

/** Picture understanding: what the picture is like stands in the answer. */
export const IMAGE: Service = {
  ...WITH_HEADER,
  serve: (session) =>
    answer(session, (frame) => {
      const asked = checkRequest(frame, ['general', 'imagev3'], 'picture');
      return { ...asked, picture: pictureIn(asked.text[0], session) };
    }),
};

interface Asked {
  readonly domain: string;
  readonly maxTokens: number;
  readonly text: readonly Frame[];
}

function checkRequest(frame: Frame, domains: readonly string[], kind: 'words' | 'picture'): Asked {
  demand(field(frame, 'header').app_id === IFLYTEK_TEST_KEYS.appId, 10313, 'header.app_id');
  const { domain, temperature, max_tokens, top_k, ...others } = field(field(frame, 'parameter'), 'chat');
  demand(typeof domain === 'string' && domains.includes(domain), 10005, `domain ${domain}`);
  demand(Object.keys(others).length === 0, 10005, `parameter.chat ${Object.keys(others)}`);
  demand(
    temperature === undefined || (Number(temperature) > 0 && Number(temperature) <= 1),
    10005,
    `temperature ${temperature}`,
  );
  demand(top_k === undefined || (Number(top_k) >= 1 && Number(top_k) <= 6), 10005, 'top_k');
  const most = domain === 'lite' || domain === 'pro-128k' ? 4_096 : 8_192;
  const isX1 = domain === 'x1' || domain === 'spark-x';
  demand(
    max_tokens === undefined || (Number(max_tokens) >= 1 && (isX1 || Number(max_tokens) <= most)),
    10005,
    'max_tokens',
  );
  return { domain, maxTokens: Number(max_tokens ?? Number.POSITIVE_INFINITY), text: textsIn(frame, domain, kind) };
}

/** The conversation: words, and at a picture's socket first the picture and then turns that alternate. */
function textsIn(frame: Frame, domain: string, kind: 'words' | 'picture'): readonly Frame[] {
  const { text } = field(field(frame, 'payload'), 'message');
  demand(Array.isArray(text) && text.length > 0, 10163, 'payload.message.text');
  const takesSystem = kind === 'words' && domain !== 'lite';
  const roles = takesSystem ? ['system', 'user', 'assistant'] : ['user', 'assistant'];
  for (const [at, { role, content, content_type }] of text.entries()) {
    demand(roles.includes(role), 10163, `role ${role}`);
    demand(typeof content === 'string' && content !== '', 10163, 'content');
    const isPicture = kind === 'picture' && at === 0;
    demand(
      isPicture ? content_type === 'image' : content_type !== 'image',
      10163,
      `content_type ${content_type} at ${at}`,
    );
  }
  demand(text.at(-1).role === 'user', 10163, 'the last word must be the user’s');
  return text;
}

function pictureIn(entry: Frame | undefined, { server }: Session): string {
  const bytes = bytesIn(entry?.content, 'the picture');
  const kind = bytes.readUInt16BE(0) === 0xffd8 ? 'JPEG' : bytes.toString('latin1', 1, 4) === 'PNG' ? 'PNG' : null;
  demand(kind !== null, 10041, 'a picture that is neither JPEG nor PNG');
  // Known at second hand only.
  const limited = !server.switchedOn.has('any-image-size');
  demand(!limited || bytes.length <= MOST_IMAGE_BYTES, 10041, `a picture of ${bytes.length} bytes`);
  return `图片是${kind}，${bytes.length}字节。`;
}

async function answer(session: Session, read: (frame: Frame) => Asked & { picture: string | null }): Promise<void> {
  const { play, send, fail, breakOff } = session;
  if (play === 'silence') return;
  const frame = await next(session);
  if (frame === null) return;
  const { domain, maxTokens, text, picture } = read(frame);
  const [what, code] = play.split(':');
  const words = (picture === null ? WORDS : [picture, ...WORDS]).slice(0, maxTokens);
  const thoughts = domain === 'x1' || domain === 'spark-x' ? THOUGHTS : [];
  const lines = [
    ...thoughts.map((reasoning_content) => ({ content: '', reasoning_content })),
    ...words.map((content) => ({ content })),
  ];
  for (const [seq, line] of lines.entries()) {
    const isLast = seq === lines.length - 1;
    if (what === 'code' && seq === lines.length >> 1) fail(Number(code) as Code);
    if (isLast && play === 'cut-off') breakOff();
    const status = isLast ? 2 : seq === 0 ? 0 : 1;
    const prompt = text.length;
    const counted = {
      question_tokens: 1,
      prompt_tokens: prompt,
      completion_tokens: words.length,
      total_tokens: prompt + words.length,
    };
    send({
      header: { code: 0, message: 'Success', sid: 'cht000e4a1c@made5up', status },
      payload: {
        choices: { status, seq, text: [{ ...line, role: 'assistant', index: 0 }] },
        ...(isLast ? { usage: { text: counted } } : {}),
      },
    });
    await setImmediate();
  }
}
