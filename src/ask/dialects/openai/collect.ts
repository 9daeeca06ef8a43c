import { randomUUID } from 'node:crypto';
import type { Answer, AnswerToken, ToolCall, Usage } from '#contract/answer.ts';
import type { AskEvent } from '#contract/chat.ts';
import type { Chunk, ToolCallPiece } from './chunk.ts';
import type { ChatShape } from './shape.ts';
import { type SpokenSound, spokenSound } from './spoken-sound.ts';
import { spokenText } from './spoken-text.ts';

/** An answer on its way: what came is put together, and told piece by piece. */
export interface Collected {
  /** Takes the next message and gives the events it makes. */
  take(chunk: Chunk): readonly AskEvent[];
  /** Gives what was held back, and the whole answer as the last event. */
  end(): readonly AskEvent[];
  /** Why the model stopped, in the server's words; `null` until it says so. */
  readonly reason: string | null;
  /** Whether nothing was said; thoughts do not count. */
  readonly isEmpty: boolean;
  readonly textChars: number;
  /** What was wrong with the sound of the answer, in sentences. */
  readonly soundTroubles: readonly string[];
}

const FINISH: Readonly<Record<string, Answer['finishReason']>> = {
  stop: 'stop',
  normal: 'stop',
  length: 'length',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
  sensitive: 'content-filter',
};

/** Begins to put an answer together. `model` is who was asked, until the reply says who answers. */
export function collect(model: string, shape: ChatShape = {}): Collected {
  const spoken = (shape.spokenText ?? spokenText)();
  let sound: SpokenSound | null = null;
  const finish = shape.finish ? { ...FINISH, ...shape.finish } : FINISH;
  const calls: ToolCall[] = [];
  const tokens: AnswerToken[] = [];
  /** Tokens whose text is still held back. */
  let waiting: AnswerToken[] = [];
  let [text, reasoning, refusal] = ['', '', ''];
  let reason: string | null = null;
  let usage: Usage | null = null;

  function say(events: AskEvent[], piece: string): void {
    if (piece === '') return;
    text += piece;
    events.push({ kind: 'text-delta', text: piece, ...(waiting.length > 0 ? { logprobs: waiting } : {}) });
    waiting = [];
  }

  function think(events: AskEvent[], thought: string): void {
    if (thought === '') return;
    reasoning += thought;
    events.push({ kind: 'reasoning-delta', text: thought });
  }

  function call(piece: ToolCallPiece, place: number): AskEvent {
    const index = piece.index ?? indexOf(piece.id, place);
    const known = calls[index];
    if (known === undefined) {
      const { name } = piece;
      // A client answers a call by its id, so each must have one.
      const id = piece.id ?? `call_${randomUUID()}`;
      calls[index] = { id, name: name ?? '', arguments: piece.arguments };
      return { kind: 'tool-call-delta', index, id, name: name ?? undefined, arguments: piece.arguments };
    }
    known.arguments += piece.arguments;
    const name = known.name === '' ? (piece.name ?? undefined) : undefined;
    if (name !== undefined) known.name = name;
    return { kind: 'tool-call-delta', index, name, arguments: piece.arguments };
  }

  /** Where a call belongs that does not say: with the one of its id, else it is a new one. */
  function indexOf(id: string | null, place: number): number {
    if (id === null) return calls.length === 0 ? place : calls.length - 1;
    const known = calls.findIndex((one) => one?.id === id);
    return known < 0 ? calls.length : known;
  }

  return {
    take(chunk) {
      const events: AskEvent[] = [];
      model = chunk.model ?? model;
      usage = chunk.usage ?? usage;
      // What a filter stopped stays so, whatever the server says after it.
      if (reason === null || finish[reason] !== 'content-filter') reason = chunk.reason ?? reason;
      think(events, chunk.reasoning);
      const piece = spoken.push(chunk.text);
      const thought = spoken.thought();
      think(events, thought);
      // Tokens of a thought are not the answer's.
      if (chunk.tokens.length > 0 && (thought === '' || piece !== '')) {
        tokens.push(...chunk.tokens);
        waiting.push(...chunk.tokens);
      }
      say(events, piece);
      if (chunk.sound !== '') {
        sound ??= spokenSound();
        events.push(...sound.push(chunk.sound));
      }
      if (chunk.refusal !== '') {
        refusal += chunk.refusal;
        events.push({ kind: 'refusal-delta', text: chunk.refusal });
      }
      for (const [place, one] of chunk.toolCalls.entries()) events.push(call(one, place));
      return events;
    },
    end() {
      const events: AskEvent[] = [];
      say(events, spoken.end());
      think(events, spoken.thought());
      if (sound) events.push(...sound.end());
      const made = calls.filter((one) => one !== undefined);
      const answer: Answer = {
        text,
        model,
        finishReason: reason === null ? null : (finish[reason] ?? null),
        usage,
        ...(made.length > 0 ? { toolCalls: made } : {}),
        ...(tokens.length > 0 ? { logprobs: tokens } : {}),
        ...(reasoning === '' ? {} : { reasoning }),
        ...(refusal === '' ? {} : { refusal }),
      };
      events.push({ kind: 'answer-end', answer });
      return events;
    },
    get reason() {
      return reason;
    },
    get isEmpty() {
      return text === '' && refusal === '' && calls.length === 0 && (sound?.isEmpty ?? true);
    },
    get textChars() {
      return text.length;
    },
    get soundTroubles() {
      return sound?.troubles ?? [];
    },
  };
}
