import { deflateSync } from 'node:zlib';
import type { Known } from '#contract/capabilities.ts';
import type { AskRequest, ContentPart } from '#contract/chat.ts';
import { isSensoriumError, SensoriumError } from '#contract/error.ts';
import type { MediaKind } from '#contract/media.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { wavFile } from '#kit/pcm.ts';
import { takeMedia } from '#media/index.ts';
import type { Parts } from './parts.ts';

/** What came of handing a model one tiny medium. `takes` is `unknown` where neither its words nor its figures tell. */
export interface KindProbe {
  readonly kind: MediaKind;
  readonly takes: Known;
  /** What was seen, as a sentence. */
  readonly evidence: string;
  /** What the capability data said before. */
  readonly before: Known;
}

export interface ModelProbe {
  readonly model: string;
  /** Tokens the model counted for the question alone; `null` where it counts none. */
  readonly questionTokens: number | null;
  readonly kinds: readonly KindProbe[];
}

/** The kinds that are tried. */
export const PROBED: readonly MediaKind[] = ['image', 'audio', 'video', 'document'];

const QUESTION = 'What is this? Answer with one word.';

/**
 * Finds out which media a live model takes: asks it one short question without any, then with a tiny picture, sound, film and
 * document each. It takes a kind when it answers and counts more tokens than for the question alone, and refuses it when it says
 * so; the outcome is remembered. Throws what the question alone is answered with.
 */
export async function probeModel(
  id: string,
  kinds: readonly MediaKind[],
  parts: Parts,
  signal: AbortSignal,
): Promise<ModelProbe> {
  if (!id.includes(':')) {
    throw new SensoriumError('ask.unknown-model', `${id} runs on this machine; there is no endpoint to probe.`, {
      hint: 'Name a model behind an API, such as qwen:qwen3-vl-plus. `sensorium models list` shows what local models take.',
    });
  }
  const model = await parts.model(id, signal);
  const alone = await tokensFor(model, [{ kind: 'text', text: QUESTION }], signal);
  const probes: KindProbe[] = [];
  for (const kind of kinds) {
    const probe = await probeKind(model, kind, alone, parts, signal);
    probes.push(probe);
    if (probe.takes !== 'unknown') parts.found.remember(id, kind, probe.takes, `probed: ${probe.evidence}`);
  }
  return { model: id, questionTokens: alone, kinds: probes };
}

async function probeKind(
  model: LanguageModel,
  kind: MediaKind,
  alone: number | null,
  parts: Parts,
  signal: AbortSignal,
): Promise<KindProbe> {
  const before = model.capabilities.input[kind];
  const told = (takes: Known, evidence: string): KindProbe => ({ kind, takes, evidence, before });
  const bytes = SAMPLES[kind]?.();
  if (!bytes) return told('unknown', 'nothing tiny of this kind can be made here');
  const note = () => {};
  const media = await takeMedia(
    { kind: 'bytes', bytes, name: `tiny ${kind}` },
    { part: 'part-1', ...parts.taking, signal, note },
  );
  try {
    if (!model.accepts?.(media.media))
      return told('unknown', `there is no form for ${media.media.mimeType} in this API`);
    const tokens = await tokensFor(
      model,
      [
        { kind: 'media', media },
        { kind: 'text', text: QUESTION },
      ],
      signal,
    );
    if (alone === null || tokens === null) return told('unknown', 'it answered, and counted no tokens');
    return tokens > alone
      ? told(true, `it answered and counted ${tokens} tokens, ${tokens - alone} more than without it`)
      : told('unknown', `it answered, but counted no more tokens (${tokens}) than without it`);
  } catch (error) {
    if (!isSensoriumError(error) || signal.aborted) throw error;
    // A server may break over what it cannot read; only its own refusal is an answer.
    const refused = error.code === 'ask.refused';
    return told(refused ? false : 'unknown', error.message);
  } finally {
    await media.close();
  }
}

/** Asks and gives the tokens the model counted as read. */
async function tokensFor(
  model: LanguageModel,
  content: readonly ContentPart[],
  signal: AbortSignal,
): Promise<number | null> {
  const request: AskRequest = { messages: [{ role: 'user', content }], maxTokens: 16, stream: false };
  for await (const event of model.ask(request, { signal, note: () => {} })) {
    if (event.kind === 'answer-end') return event.answer.usage?.inputTokens ?? null;
  }
  return null;
}

/** One tiny medium of each kind that can be made without any tool. */
const SAMPLES: Partial<Record<MediaKind, () => Uint8Array>> = { image: redSquare, audio: tone, document: onePage };

const SIDE = 64;

/** A red square as PNG (ISO/IEC 15948): signature, IHDR, IDAT, IEND. */
function redSquare(): Uint8Array {
  const row = Buffer.concat([Buffer.of(0), Buffer.from(Array(SIDE).fill([200, 30, 30]).flat())]);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(SIDE, 0);
  head.writeUInt32BE(SIDE, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const chunks = [
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.concat(Array(SIDE).fill(row)))),
    chunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]);
}

function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(data.length, 0);
  named.copy(framed, 4);
  framed.writeUInt32BE(crc32(named), framed.length - 4);
  return framed;
}

/** CRC-32 with polynomial 0xEDB88320, as PNG wants it; Node 20.20 has none in zlib. */
function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** One second of a 440 Hz tone as WAV. */
function tone(): Uint8Array {
  const rateHz = 16_000;
  return wavFile(
    Float32Array.from({ length: rateHz }, (_, at) => 0.3 * Math.sin((2 * Math.PI * 440 * at) / rateHz)),
    rateHz,
  );
}

/** One page with one word as PDF 1.4. */
function onePage(): Uint8Array {
  const stream = 'BT /F1 24 Tf 20 100 Td (Hello) Tj ET';
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let text = '%PDF-1.4\n';
  const places = objects.map((object, index) => {
    const place = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const rows = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}
