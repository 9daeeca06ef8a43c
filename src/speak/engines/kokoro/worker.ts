import { throwIfCancelled } from '#kit/abort.ts';
import { serve } from '#runtime/worker/serve.ts';
import { createEnglishPhonemizer } from '../../phonemes/index.ts';
import { trimEdges } from './edges.ts';
import { KOKORO_RATE_HZ, type KokoroModel, loadKokoro } from './model.ts';
import type { KokoroReply, KokoroSentence, KokoroSettings } from './protocol.ts';
import { splitPhonemes } from './tokens.ts';

type Phonemizer = Awaited<ReturnType<typeof createEnglishPhonemizer>>;
type Variant = 'us' | 'gb';

const PAD = { leadMs: 20, tailMs: 40 };
/** Long enough that a call to `warm` makes the runtime set its memory up as a real sentence would. */
const WARMING_TEXT = 'Good morning to you.';

let model: Promise<KokoroModel> | undefined;
const phonemizers = new Map<Variant, Promise<Phonemizer>>();

function modelIn(settings: KokoroSettings): Promise<KokoroModel> {
  model ??= loadKokoro(settings.modelDir, settings.threads);
  return model;
}

function phonemizerFor({ lexiconDir, g2pDir }: KokoroSettings, voice: string): Promise<Phonemizer> {
  const variant: Variant = voice.startsWith('b') ? 'gb' : 'us';
  let phonemizer = phonemizers.get(variant);
  if (!phonemizer) {
    phonemizer = createEnglishPhonemizer({ lexiconDir, g2pDir, variant });
    phonemizers.set(variant, phonemizer);
  }
  return phonemizer;
}

async function* speak(sentence: KokoroSentence, signal: AbortSignal): AsyncGenerator<KokoroReply> {
  const [kokoro, phonemizer] = await Promise.all([modelIn(sentence), phonemizerFor(sentence, sentence.voice)]);
  throwIfCancelled(signal);
  const { phonemes, words } = phonemizer.phonemize(sentence.text);
  const unpronounced = words.filter((word) => word.source === 'none').map((word) => word.text);
  if (unpronounced.length > 0) yield { kind: 'unpronounced', texts: unpronounced };
  // Marks alone make the model breathe and murmur.
  if (unpronounced.length === words.length) return;
  for (const part of splitPhonemes(phonemes)) {
    throwIfCancelled(signal);
    const { pcm, unknown } = await kokoro.synthesise(part, sentence.voice, sentence.speed);
    if (unknown.length > 0) yield { kind: 'unpronounced', texts: unknown };
    const sound = trimEdges(pcm, KOKORO_RATE_HZ, PAD);
    if (sound.length > 0) yield { kind: 'sound', pcm: sound };
  }
}

serve({
  async warm(request: KokoroSettings & { readonly voice: string }, signal) {
    for await (const _ of speak({ ...request, text: WARMING_TEXT, speed: 1 }, signal)) void _;
  },
  speak,
});
