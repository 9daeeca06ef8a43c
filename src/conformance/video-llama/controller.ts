import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { byteByByte, json, type Reply } from '../reply.ts';
import { WORDS } from '../self-hosted/answers.ts';
import { checkBase64 } from '../self-hosted/checks.ts';
import { type ConformanceServer, check, type Request } from '../server.ts';

const MODEL = 'VideoLLaMA2-7B';
const QWEN_MODEL = 'VideoLLaMA2.1-7B-16F';
const NETWORK_ERROR = '**NETWORK ERROR DUE TO HIGH TRAFFIC. PLEASE REGENERATE OR REFRESH THIS PAGE.**';
const FORBIDDEN = 'The output contains unsafe content that violates local laws. Please re-enter your question.';

const message = (text: string, error_code = 0) => `${JSON.stringify({ text, error_code })}\0`;

function address(request: Request): Reply {
  const { model } = request.json();
  check(typeof model === 'string', 'model');
  const isRun = (model === MODEL || model === QWEN_MODEL) && request.play !== 'no-worker';
  return json({ address: isRun ? 'http://127.0.0.1:40000' : '' });
}

function generate(request: Request): Reply {
  const { model, prompt, images, max_new_tokens, stop } = request.json();
  check(model === MODEL || model === QWEN_MODEL, 'model');
  check(typeof prompt === 'string' && prompt !== '', 'prompt');
  check(
    model === MODEL ? /^\[INST\] .* \[\/INST\]$/s.test(prompt) : prompt.endsWith('<|im_start|>assistant\n'),
    'template',
  );
  check(stop === (model === MODEL ? '</s>' : '<|im_end|>'), 'stop');
  check(
    Number.isInteger(max_new_tokens) && Number(max_new_tokens) >= 1 && Number(max_new_tokens) <= 1024,
    'max_new_tokens',
  );
  check(Array.isArray(images) && images.length > 0, 'images', failure(NETWORK_ERROR));
  const tags = (kind: string) => prompt.split(`<${kind}>`).length - 1;
  const isFilm = tags('video') > 0;
  check(images.length === tags(isFilm ? 'video' : 'image'), 'as many tags as media', failure(NETWORK_ERROR));
  for (const image of images) {
    if (isFilm)
      check(typeof image === 'string' && isAbsolute(image) && readFileSync(image).length > 0, 'a path that opens');
    else checkBase64(image, 'images', failure(NETWORK_ERROR));
  }
  return special(request.play, prompt) ?? said(prompt);
}

/** Cumulative, and the prompt stands before it every time. */
function said(prompt: string): Reply {
  return { pieces: WORDS.map((_, at) => message(prompt + WORDS.slice(0, at + 1).join(''))) };
}

const failure = (text: string, code = 1): Reply => ({ pieces: [message(text, code)] });

function special(play: string, prompt: string): Reply | null {
  const good = said(prompt);
  const half = good.pieces.slice(0, 3);
  switch (play) {
    case 'byte-by-byte':
      return byteByByte(good);
    case 'worker-failed':
      return { pieces: [...half, message(NETWORK_ERROR, 1)] };
    case 'forbidden':
      return { pieces: [...half, message(FORBIDDEN, 1)] };
    case 'worker-timeout':
      return failure(NETWORK_ERROR, 3);
    case 'too-long':
      return { pieces: [message(`${prompt}Exceeds max token length. Please start a new conversation, thanks.`)] };
    case 'reset-midway':
      return { pieces: half, ending: 'reset' };
    case 'nothing-said':
      return { pieces: [] };
    case 'another-prompt':
      return { pieces: [message('What somebody else had asked, and its answer.')] };
    default:
      return null;
  }
}

/** VideoLLaMA2. Source: videollama2/serve/controller.py and model_worker.py (c0bb03a). */
export const videoLlamaControllerConformance: ConformanceServer = {
  name: 'video-llama-controller',
  about: 'VideoLLaMA2’s controller with a worker behind it',
  cases: {
    'byte-by-byte': 'V1: every byte is a packet of its own',
    'worker-failed': 'V2: error_code 1 in the middle',
    forbidden: 'V2: error_code 1, because a list of words forbids the answer',
    'worker-timeout': 'V2: error_code 3',
    'too-long': 'V2: too long, with error_code 0',
    'no-worker': 'V5: an empty address',
    'reset-midway': 'the connection breaks in the middle',
    'nothing-said': 'it ends without a word',
    'another-prompt': 'an answer to another question',
  },
  configure: (origin) => ({ providers: { 'video-llama': { baseUrl: origin, dialect: 'video-llama-controller' } } }),
  routes: { 'POST /get_worker_address': address, 'POST /worker_generate_stream': generate },
};
