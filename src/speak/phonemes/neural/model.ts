import { join } from 'node:path';
import { SensoriumError } from '#contract/error.ts';
import { affine, createGru, type GruStep } from './gru.ts';
import { readNpz, type Tensor } from './npz.ts';

/** Reads an unknown word's letters (a–z) into ARPAbet phonemes with stress digits, e.g. `['K', 'AE1', 'T']`. */
export type LettersToArpabet = (word: string) => readonly string[];

/** The g2p_en model's output symbols in the order of its weights; rows 0–3 are padding, unknown, start and end. */
const PHONES =
  'AA0 AA1 AA2 AE0 AE1 AE2 AH0 AH1 AH2 AO0 AO1 AO2 AW0 AW1 AW2 AY0 AY1 AY2 B CH D DH EH0 EH1 EH2 ER0 ER1 ER2 EY0 EY1 EY2 F G HH IH0 IH1 IH2 IY0 IY1 IY2 JH K L M N NG OW0 OW1 OW2 OY0 OY1 OY2 P R S SH T TH UH0 UH1 UH2 UW UW0 UW1 UW2 V W Y Z ZH'.split(
    ' ',
  );
const [START, END, FIRST_PHONE] = [2, 3, 4];
const [UNKNOWN_LETTER, END_OF_WORD, FIRST_LETTER] = [1, 2, 3];

/** Where the Python original stops. Words of more than 16 letters may have four phonemes more than letters. */
const USUAL_LIMIT = 20;

/** Loads `checkpoint20.npz` of g2p_en: a GRU reads the letters, another writes the phonemes, the likeliest each time. */
export async function loadLettersToArpabet(folder: string): Promise<LettersToArpabet> {
  const tensors = await readNpz(join(folder, 'checkpoint20.npz')).catch((cause: unknown) => {
    throw new SensoriumError('speak.pronunciation-data-broken', 'The model for unknown English words cannot be read.', {
      hint: 'Run "sensorium models verify" and fetch the English pronunciation model again.',
      details: { file: 'checkpoint20.npz' },
      cause,
    });
  });
  return createModel(tensors);
}

function createModel(tensors: ReadonlyMap<string, Tensor>): LettersToArpabet {
  const read = gru(tensors, 'enc');
  const write = gru(tensors, 'dec');
  const [weight, bias] = [tensorOf(tensors, 'fc_w'), tensorOf(tensors, 'fc_b')];
  const size = weight.shape[1] ?? 0;

  return (word) => {
    let hidden: Float32Array = new Float32Array(size);
    for (const letter of word) hidden = read(letterRow(letter), hidden);
    hidden = read(END_OF_WORD, hidden);
    const phones: string[] = [];
    const limit = Math.max(USUAL_LIMIT, word.length + 4);
    for (let symbol = START; phones.length < limit; ) {
      hidden = write(symbol, hidden);
      symbol = likeliest(affine(weight, bias, hidden));
      if (symbol === END) break;
      phones.push(PHONES[symbol - FIRST_PHONE] ?? '<unk>');
    }
    return phones;
  };
}

function gru(tensors: ReadonlyMap<string, Tensor>, side: 'enc' | 'dec'): GruStep {
  return createGru({
    embedding: tensorOf(tensors, `${side}_emb`),
    wIh: tensorOf(tensors, `${side}_w_ih`),
    wHh: tensorOf(tensors, `${side}_w_hh`),
    bIh: tensorOf(tensors, `${side}_b_ih`),
    bHh: tensorOf(tensors, `${side}_b_hh`),
  });
}

function tensorOf(tensors: ReadonlyMap<string, Tensor>, name: string): Tensor {
  const tensor = tensors.get(name);
  if (tensor === undefined) {
    throw new SensoriumError(
      'speak.pronunciation-data-broken',
      `The model for unknown English words lacks "${name}".`,
      {
        hint: 'Run "sensorium models verify" and fetch the English pronunciation model again.',
        details: { tensor: name },
      },
    );
  }
  return tensor;
}

function letterRow(letter: string): number {
  const place = letter.charCodeAt(0) - 97;
  return letter.length === 1 && place >= 0 && place < 26 ? FIRST_LETTER + place : UNKNOWN_LETTER;
}

function likeliest(scores: Float32Array): number {
  return scores.reduce((best, score, index) => (score > (scores[best] ?? -Infinity) ? index : best), 0);
}
