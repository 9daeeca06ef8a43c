import type { Answer } from '#contract/answer.ts';
import type { AskRequest } from '#contract/chat.ts';
import { isSensoriumError, SensoriumError } from '#contract/error.ts';
import { lossOf } from '#contract/loss.ts';
import type { CallContext, Describer, LanguageModel } from '#contract/ports.ts';
import { saysItSeesNothing } from './blind.ts';
import { pictureFor } from './picture.ts';
import { promptFor } from './prompt.ts';

/** Room for a full chart. A model that thinks first needs some of it for that. */
const MOST_TOKENS = 2_000;
/** A server may not heed that limit. */
const MOST_LETTERS = 12_000;
const SHOW = 'What one takes: sensorium models show NAME; what is wrong there can be put right in the configuration.';

/**
 * Any language model that sees as a describer: asks it once for each picture, without chance. Whoever opened the model closes it.
 * Throws `see.unknown-engine` when it is known not to see, and from `describe` `see.not-described` or what the model throws.
 */
export function visionModel(model: LanguageModel): Describer {
  const { id, capabilities } = model;
  if (capabilities.input.image === false) {
    throw new SensoriumError(
      'see.unknown-engine',
      `${id} does not see (${capabilities.source}), so it describes no pictures.`,
      {
        hint: `Set see.describer to a model that takes pictures. ${SHOW}`,
      },
    );
  }
  return {
    id,
    async describe({ part, pixels, language, written }, context) {
      const picture = await pictureFor({ part, pixels }, model, context);
      const request: AskRequest = {
        messages: [
          {
            role: 'user',
            content: [
              { kind: 'media', media: picture, detail: 'high' },
              { kind: 'text', text: promptFor(language, written) },
            ],
          },
        ],
        temperature: 0,
        maxTokens: MOST_TOKENS,
        stream: false,
      };
      const answer = await answerOf(model, request, part, context);
      return { text: descriptionIn(answer, model, part, context) };
    },
    close: async () => {},
  };
}

async function answerOf(
  model: LanguageModel,
  request: AskRequest,
  part: string,
  context: CallContext,
): Promise<Answer> {
  let answer: Answer | undefined;
  // That it does not heed our temperature or limit is nothing that the user asked for and lost.
  const note: CallContext['note'] = (loss) => {
    if (loss.kind !== 'option-ignored') context.note({ ...loss, stage: 'perceive', part: loss.part ?? part });
  };
  try {
    for await (const event of model.ask(request, { signal: context.signal, note })) {
      if (event.kind === 'answer-end') answer = event.answer;
    }
  } catch (error) {
    throw explained(error, model);
  }
  if (answer) return answer;
  throw notDescribed(`${model.id} ended without an answer.`, 'Ask again, or set see.describer to another model.');
}

// A refusal of one that nobody knows to see most likely means that it does not.
function explained(error: unknown, { id, capabilities }: LanguageModel): unknown {
  if (!isSensoriumError(error) || error.code !== 'ask.refused' || capabilities.input.image === true) return error;
  return new SensoriumError('ask.refused', `${id} refused the picture, and it is not known to see: ${error.message}`, {
    hint: `Set see.describer to a model that takes pictures. ${SHOW}`,
    details: error.details,
    cause: error,
  });
}

function descriptionIn(answer: Answer, { id }: LanguageModel, part: string, { note }: CallContext): string {
  const text = answer.text.trim();
  const { refusal, finishReason } = answer;
  if (refusal || finishReason === 'content-filter') {
    throw notDescribed(
      `${id} refused to describe the picture${refusal ? `: ${refusal.slice(0, 200)}` : ' (its content filter)'}.`,
      'Set see.describer to another model, or to none to read only the writing.',
    );
  }
  if (text === '') {
    const thought = finishReason === 'length' ? `: it used up its ${MOST_TOKENS} tokens before it came to words` : '';
    throw notDescribed(`${id} said nothing about the picture${thought}.`, 'Set see.describer to another model.');
  }
  if (saysItSeesNothing(text)) {
    throw notDescribed(
      `${id} says that it sees no picture: ${text}`,
      `Set see.describer to a model that sees. ${SHOW}`,
    );
  }
  const letters = [...text.slice(0, 2 * MOST_LETTERS)].slice(0, MOST_LETTERS).join('');
  if (finishReason !== 'length' && letters === text) return text;
  note(
    lossOf({
      kind: 'text-truncated',
      stage: 'perceive',
      part,
      engine: id,
      message: `The description reached its limit of ${MOST_TOKENS} tokens or ${MOST_LETTERS} characters and came to no end.`,
      action: 'it stops there, with “…”',
    }),
  );
  return `${letters}…`;
}

function notDescribed(message: string, hint: string): SensoriumError {
  return new SensoriumError('see.not-described', message, { hint });
}
