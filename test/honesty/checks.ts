import { createHash } from 'node:crypto';
import type { Fate } from '#contract/fate.ts';
import type { Ledger } from '#contract/ledger.ts';
import type { Loss } from '#contract/loss.ts';
import type { Perception } from '#contract/perception.ts';
import type { Plan } from '#contract/plan.ts';
import { type Case, mediaIn } from './cases.ts';
import type { Outcome } from './lane.ts';
import { GOOD } from './samples.ts';
import { secretsIn } from './secrets.ts';
import { wordHeardIn } from './stages.ts';

interface Ours {
  readonly plan: Plan;
  readonly perceptions: readonly Perception[];
  readonly ledger: Ledger;
}

interface WireError {
  readonly message: string;
  readonly param: string | null;
  readonly code: string;
  readonly sensorium: { readonly code: string; readonly parts: readonly Fate[] };
}

/** What a client got: an answer, an error instead of one, an error in the middle of a stream, or nothing any more. */
export type Result =
  | { readonly kind: 'answer' | 'streamed answer'; readonly finish: string; readonly sensorium: Ours }
  | { readonly kind: 'error' | 'error in a stream'; readonly error: WireError }
  | { readonly kind: 'gone' };

const FATES: readonly string[] = ['native', 'text', 'embedding', 'dropped', 'not-reached'];

/** Reads what a client got. Throws when it is neither a whole answer nor an error. */
export function resultOf({ status, payload, gone }: Outcome): Result {
  if (gone) return { kind: 'gone' };
  if (!payload.startsWith('data: ') && !payload.startsWith(':')) {
    const json = JSON.parse(payload);
    must((status === 200) === 'choices' in json, `status ${status} goes with what is in the body`);
    if (status !== 200) return { kind: 'error', error: json.error };
    return { kind: 'answer', finish: json.choices[0].finish_reason, sensorium: json.sensorium };
  }
  const lines = payload.split('\n\n').filter((line) => line.startsWith('data: '));
  const data = lines.map((line) => line.slice('data: '.length));
  const chunks = data.filter((text) => text !== '[DONE]').map((text) => JSON.parse(text));
  const last = chunks.at(-1);
  if (last?.error) {
    must(data.at(-1) !== '[DONE]', 'a stream that broke off does not end as if it were whole');
    return { kind: 'error in a stream', error: last.error };
  }
  must(data.at(-1) === '[DONE]', 'a stream ends with [DONE] or an error');
  const whole = chunks.filter(({ sensorium }) => sensorium && !('event' in sensorium));
  must(whole.length === 1 && whole[0] === last, 'exactly the last chunk carries the ledger');
  const finish = chunks.map(({ choices }) => choices[0]?.finish_reason).findLast((reason) => reason);
  return { kind: 'streamed answer', finish, sensorium: last.sensorium };
}

/** Everything that must hold for any request whatever happens to it. Throws the first thing that does not. */
export function check(one: Case, outcome: Outcome, result: Result): void {
  const count = mediaIn(one).length;
  const names = Array.from({ length: count }, (_, at) => `part-${at + 1}`);
  if (outcome.storyFates) checkFates(outcome.storyFates, names);
  mustHide(outcome.log, 'the log', ['prompt', 'media', 'url', 'serverKey', 'upstreamKey', 'folder']);
  mustHide(outcome.payload, 'what the client gets', ['url', 'serverKey', 'upstreamKey', 'folder']);
  if (result.kind === 'gone') return;
  if ('error' in result) checkError(result.error, names);
  else {
    checkAnswer(one, outcome, result.sensorium, names);
    const cut = result.sensorium.ledger.losses.some(({ kind, stage }) => kind === 'text-truncated' && stage === 'ask');
    must(
      cut === (result.finish === 'length'),
      `an answer that ended with ${result.finish} was cut off or not, as told`,
    );
  }
}

function checkError(error: WireError, names: readonly string[]): void {
  mustHide(JSON.stringify(error), 'the error', ['prompt', 'media', 'url', 'serverKey', 'upstreamKey', 'folder']);
  must(error.message !== '' && error.code !== '', 'an error says something');
  const { parts } = error.sensorium;
  // Before the request could be read nobody knows its parts; the field that is wrong is named instead.
  if (parts.length === 0 && names.length > 0) must(error.param !== null, `${error.code} names parts or a field`);
  else checkFates(parts, names);
}

function checkFates(fates: readonly Fate[], names: readonly string[]): void {
  const said = fates.map(({ part }) => part);
  must(said.join() === names.join(), `fates of ${names.join()} are told, each once, not of ${said.join()}`);
  for (const { part, fate, reason } of fates) {
    must(FATES.includes(fate) && reason !== '', `${part} has a fate with a reason`);
  }
}

function checkAnswer(one: Case, outcome: Outcome, { plan, perceptions, ledger }: Ours, names: readonly string[]): void {
  const { losses } = ledger;
  must(plan.map(({ part }) => part).join() === names.join(), 'the plan names each part once');
  must(ledger.inputs.map(({ id }) => id).join() === names.join(), 'the ledger names each part once');
  must(ledger.routes.map(({ part }) => part).join() === names.join(), 'the ledger has a route for each part');
  const about = (part: string) => losses.filter((loss) => loss.part === part);
  const given = givenTo(outcome);
  for (const [at, step] of plan.entries()) {
    const input = ledger.inputs[at];
    const { part, route } = step;
    const told = route === 'none' ? 'dropped' : route;
    must(input?.fate.split(' ')[0] === told && ledger.routes[at]?.chosen === route, `${part}: plan and ledger agree`);
    must(step.reasons.length > 0 && step.reasons.every((reason) => reason !== ''), `${part}: the plan says why`);
    const sha256 = input?.sha256 ?? '';
    const got = step.form === 'frames' ? given.pictures > 0 : given.sha256.includes(sha256);
    must((route === 'native') === got, `${part}: the model got it as it is, as frames, or not, as told (${route})`);
    if (step.form === 'frames') {
      must(
        about(part).some(({ kind }) => kind === 'frames-sampled'),
        `${part}: only frames of it went in, and no loss says so`,
      );
    }
    if (step.beside) checkText(part, step.kind, perceptions, about(part), given.words);
    if (route === 'none')
      must(
        about(part).some(({ kind }) => kind === 'media-dropped'),
        `${part}: dropped, and no loss says so`,
      );
    if (route === 'text') checkText(part, step.kind, perceptions, about(part), given.words);
    if (step.kind === 'video' && route === 'text') {
      must(
        about(part).some(({ kind }) => kind === 'media-dropped'),
        `${part}: its pictures are lost, and no loss says so`,
      );
    }
    checkWish(one, step, losses);
  }
  must(
    perceptions.every(({ part }) => plan.some((step) => step.part === part && (step.route === 'text' || step.beside))),
    'only what went in as text was perceived',
  );
  checkOptions(one, outcome, losses);
  if (one.sensorium?.loss === 'forbid')
    must(losses.length === 0, `loss was forbidden, and there is ${losses[0]?.kind}`);
  if (one.spoken && !losses.some(({ stage }) => stage === 'speak'))
    must(outcome.events.includes('speech-chunk'), 'it was to be spoken, and was not');
}

function checkText(
  part: string,
  kind: string,
  perceptions: readonly Perception[],
  losses: readonly Loss[],
  words: string,
): void {
  const own = perceptions.filter((one) => one.part === part);
  must(own.length === 1, `${part}: was turned into text once`);
  const text = own[0]?.text.trim() ?? '';
  if (text === '' && kind !== 'text') must(losses.length > 0, `${part}: gave no words, and no loss says so`);
  const sign = kind === 'text' ? text : wordHeardIn(part);
  if (text.includes(sign)) must(words.includes(sign), `${part}: its words reached the model`);
}

/** What reached the model: hashes of the media as they are, and all words. */
function givenTo({ handed, upstreamBody }: Outcome): { sha256: string[]; pictures: number; words: string } {
  if (!upstreamBody) {
    const parts = handed.asked?.messages.flatMap(({ content }) =>
      typeof content === 'string' ? [{ kind: 'text' as const, text: content }] : content,
    );
    return {
      sha256: parts?.flatMap((part) => (part.kind === 'media' ? [part.media.media.sha256] : [])) ?? [],
      pictures: parts?.filter((part) => part.kind === 'media' && part.media.media.kind === 'image').length ?? 0,
      words: parts?.map((part) => (part.kind === 'text' ? part.text : '')).join('\n') ?? '',
    };
  }
  const sha256: string[] = [];
  const words: string[] = [];
  for (const { content } of upstreamBody.messages as { content: string | object[] | null }[]) {
    for (const part of typeof content === 'string' ? [content] : (content ?? [])) {
      for (const text of stringsIn(part)) {
        words.push(text);
        sha256.push(
          createHash('sha256')
            .update(Buffer.from(text.replace(/^data:.*;base64,/, ''), 'base64'))
            .digest('hex'),
        );
      }
    }
  }
  const pictures = words.filter((text) => text.startsWith('data:image/')).length;
  return { sha256, pictures, words: words.join('\n') };
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

function checkWish(one: Case, { part, route, alternatives }: Plan[number], losses: readonly Loss[]): void {
  const { route: wished, policy, language } = one.sensorium ?? {};
  if (wished !== undefined && wished !== 'auto' && route !== wished) {
    must(policy !== 'require', `${part}: the ${wished} route was required and not taken`);
    const why = alternatives.find((other) => other.route === wished);
    must(
      why !== undefined && why.reason !== '',
      `${part}: the ${wished} route was asked for, and nothing says why it was not taken`,
    );
  }
  if (
    language !== undefined &&
    route === 'native' &&
    alternatives.some((other) => other.route === 'text' && other.feasible === true && mayBeHeard(one, part))
  ) {
    must(ignoredIn(losses).has('language'), `${part}: its language was told, the model was not, and no loss says so`);
  }
}

function mayBeHeard(one: Case, part: string): boolean {
  const content = mediaIn(one)[Number(part.slice('part-'.length)) - 1]?.content;
  const kind = GOOD[content as keyof typeof GOOD];
  return kind === 'audio' || kind === 'video';
}

/** Our names for the options of OpenAI's, as losses call them and as the model is asked. */
const OUR_NAMES: Readonly<Record<string, string>> = {
  top_p: 'topP',
  max_tokens: 'maxTokens',
  max_completion_tokens: 'maxTokens',
  frequency_penalty: 'frequencyPenalty',
  presence_penalty: 'presencePenalty',
  top_logprobs: 'logprobs',
  tool_choice: 'toolChoice',
  response_format: 'responseFormat',
};

/** Of the options, those the fake model does not heed. */
const UNHEEDED: ReadonlySet<string> = new Set(['logprobs', 'tools', 'responseFormat']);

function ignoredIn(losses: readonly Loss[]): Set<string> {
  return new Set(losses.flatMap(({ kind, text }) => (kind === 'option-ignored' && text !== null ? [text] : [])));
}

function checkOptions(one: Case, { handed, upstreamBody }: Outcome, losses: readonly Loss[]): void {
  const ignored = ignoredIn(losses);
  const { asked } = handed;
  for (const [name, value] of Object.entries(one.options)) {
    if (isUsual(name, value, one.options)) continue;
    const ours = OUR_NAMES[name] ?? name;
    if (ignored.has(ours) || ignored.has(name)) continue;
    if (upstreamBody) {
      // The limit has two names there, and only one of them is sent.
      const sent =
        ours === 'maxTokens' ? (upstreamBody.max_tokens ?? upstreamBody.max_completion_tokens) : upstreamBody[name];
      must(sent !== undefined, `${name} was asked for; the server was not sent it, and no loss says so`);
    } else {
      const own = (asked as unknown as Record<string, unknown> | null)?.[ours];
      must(
        own !== undefined || asked?.extra?.[name] !== undefined,
        `${name} was asked for; the model was not, and no loss says so`,
      );
      must(!UNHEEDED.has(ours) && own !== undefined, `${name} was not heeded, and no loss says so`);
    }
  }
  if (one.marked) must(ignored.has('messages.cache_control'), 'a field was left out, and no loss says so');
  if (one.obfuscated)
    must(ignored.has('stream_options.include_obfuscation'), 'nothing was padded, and no loss says so');
  if (one.spoken?.voice === 'coral') must(ignored.has('voice'), 'another voice speaks, and no loss says so');
}

/** Whether leaving an option out changes nothing. */
function isUsual(name: string, value: unknown, options: Case['options']): boolean {
  if (name === 'n') return value === 1;
  if (name === 'top_logprobs') return value === 0;
  if (name === 'tool_choice') return options.tools === undefined;
  if (name === 'response_format') return (value as { type: string }).type === 'text';
  // Of two names for one limit the newer counts.
  return name === 'max_tokens' && options.max_completion_tokens !== undefined;
}

function mustHide(text: string, where: string, secrets: Parameters<typeof secretsIn>[1]): void {
  const found = secretsIn(text, secrets);
  must(found.length === 0, `${where} gives away: ${found.join()}`);
}

/** Throws the sentence, negated by its circumstances, when it is not so. */
function must(isSo: boolean, sentence: string): void {
  if (!isSo) throw new Error(`This must hold: ${sentence}.`);
}
